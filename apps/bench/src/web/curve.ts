/** The curve of an activation and of its gradient, by core's reference: what the explorer draws. */
import { type Activation, createReference } from '@isoact/core';

export interface CurvePoint {
  readonly x: number;
  readonly value: number;
  readonly curve: 'y' | 'gradient';
  /** Which part of y. */
  readonly part: number;
}

const count = 401;

/** Points on [-range, range]. They form one row, so a statistic is taken over just these points. */
export function curveOf(activation: Activation, range: number): CurvePoint[] {
  // the channel axis so that the parts of y lie one after another
  const { forward, vjp } = createReference(activation, { shape: [1, count], channelAxis: 0 });
  const x = Float64Array.from({ length: count }, (_, index) => range * ((2 * index) / (count - 1) - 1));
  const { y } = forward({ x });
  const gradient = vjp({ x, upstream: { y: y.map(() => 1) } });
  const points = (values: ArrayLike<number>, curve: CurvePoint['curve']): CurvePoint[] =>
    Array.from(values, (value, index) => ({
      x: x[index % count] ?? Number.NaN,
      value,
      curve,
      part: Math.floor(index / count),
    }));
  return [...points(y, 'y'), ...points(gradient.x, 'gradient')];
}
