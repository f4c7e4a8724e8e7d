/** Noise: every backend draws what the seed says, at every element, and nothing else. */
import type { Activation } from '../../definition.ts';
import { assembleDefinition } from '../../definition.ts';
import { add } from '../../expression/build.ts';
import { elementCount, type Shape } from '../../graph/geometry.ts';
import { drawsNoise } from '../../graph/roots.ts';
import { noise as drawn, noiseOf } from '../../noise.ts';
import { bytesOf, sameBits } from '../bytes.ts';
import type { CallResult, CaseContext, CaseGroup, Probe } from '../case.ts';
import { ask, callData } from './arrange.ts';
import { tableLength, tableSpec } from './quick.ts';
import { byTurns } from './turns.ts';

/** y is the noise itself where x is 0. */
const noisy = assembleDefinition({
  name: 'noisy',
  forward: (x) => add(x, drawn()),
  limits: () => ({ negative: { value: null, slope: null }, positive: { value: null, slope: null } }),
})();

const shapes: readonly Shape[] = [[], [1], [3], [65], [1027], [3, 67], [2, 3, 5], [4, 256]];

export const noise: CaseGroup = function* (context) {
  const drawing = [{ label: '', activation: context.activation }, ...context.variants].filter((variant) =>
    drawsNoise(variant.activation),
  );
  for (const { label, activation } of drawing) {
    yield { name: `${label} at every element`.trim(), run: (probe) => everywhere(probe, context, activation) };
    yield { name: `${label} by the seed alone`.trim(), run: (probe) => bySeed(probe, context, activation) };
  }
  if (drawing.length > 0 && context.direction === 'forward') {
    yield { name: 'noise, bit for bit', run: (probe) => itself(probe, context) };
  }
};

/** Where every x is -1, the slopes are all there is to see. */
async function everywhere(probe: Probe, context: CaseContext, activation: Activation): Promise<void> {
  const { direction, format } = context;
  for (const shape of byTurns(context, 'shapes of noise', shapes, 2)) {
    const spec = { shape, dtype: format.dtype };
    const length = elementCount(shape);
    const upstream = new Float64Array(length).fill(1);
    await ask(probe, direction, activation, spec, new Float64Array(length).fill(-1), { upstream });
  }
}

async function bySeed(probe: Probe, { direction, format }: CaseContext, activation: Activation): Promise<void> {
  const spec = tableSpec(format);
  const x = Float64Array.from({ length: tableLength }, () => -probe.random.uniform(0.5, 2));
  const data = callData(probe, direction, activation, spec, x);
  const call = async (low: number, high: number): Promise<Uint8Array | null> => {
    const seed = Uint32Array.of(low, high);
    const result = await probe.call(direction, activation, spec, { ...data, state: { ...data.state, seed } });
    return bytesOfField(result);
  };
  const [low, high] = [probe.random.bits(), probe.random.bits()];
  const [first, again] = [await call(low, high), await call(low, high)];
  if (!first || !again) return;
  if (!sameBits(first, again)) probe.fail('the same seed must give the same bits');
  for (const [otherLow, otherHigh] of [
    [low ^ 1, high],
    [low, high ^ 0x80000000],
  ] as const) {
    const other = await call(otherLow, otherHigh);
    if (other && sameBits(first, other)) probe.fail('another seed must give other slopes (gave the same)');
  }
}

async function itself(probe: Probe, context: CaseContext): Promise<void> {
  const { format } = context;
  for (const shape of byTurns(context, 'shapes of noise itself', shapes, 2)) {
    const spec = { shape, dtype: format.dtype };
    const length = elementCount(shape);
    const seed = Uint32Array.of(probe.random.bits(), probe.random.bits());
    const data = { x: format.fromNumbers(new Float64Array(length)), state: { seed } };
    const result = await probe.call('forward', noisy, spec, data);
    const got = result?.y && format.toNumbers(result.y);
    noiseOf(length, seed).forEach((value, index) => {
      if (got && got[index] !== format.round(value))
        probe.fail(`noise of element ${index} must be ${value} (was ${got[index]}) for the seed ${seed}`);
    });
  }
}

const bytesOfField = (result: CallResult | null): Uint8Array | null => {
  const field = result?.y ?? result?.x;
  return field ? bytesOf(field).slice() : null;
};
