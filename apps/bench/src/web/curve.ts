/** The curve of an activation and of its gradient, by core's reference: what the explorer draws. */
import { type Activation, createReferenceBackend } from '@isoact/core';

export interface CurvePoint {
  readonly x: number;
  readonly value: number;
  readonly curve: 'y' | 'gradient';
  /** Which part of y. */
  readonly part: number;
}

const count = 401;

/** Points on [-range, range]. They form one row, so a statistic is taken over just these points. */
export async function curveOf(activation: Activation, range: number): Promise<CurvePoint[]> {
  const compiled = await createReferenceBackend().compile(activation, {
    shape: [1, count],
    dtype: 'float64',
    channelAxis: 0, // so that the parts of y lie one after another
  });
  const x = Float64Array.from({ length: count }, (_, index) => range * ((2 * index) / (count - 1) - 1));
  const { y } = await compiled.forward({ x });
  const gradient = await compiled.vjp({ x, upstream: { y: new Float64Array(y.length).fill(1) } });
  compiled.dispose();
  const points = (values: ArrayLike<number>, curve: CurvePoint['curve']): CurvePoint[] =>
    Array.from(values, (value, index) => ({
      x: x[index % count] ?? Number.NaN,
      value,
      curve,
      part: Math.floor(index / count),
    }));
  return [...points(y, 'y'), ...points(gradient.x, 'gradient')];
}
