/** Data that breaks careless sums, means and variances, for activations with statistics and for parameter gradients. */
import type { Activation } from '../../definition.ts';
import { elementCount, type Shape } from '../../graph/geometry.ts';
import type { CaseContext, CaseGroup, Probe, Variant } from '../case.ts';
import type { Random } from '../random.ts';
import { ask, extentsOf } from './arrange.ts';
import { table, tableSpec } from './quick.ts';
import { settingsFor } from './settings.ts';
import { byTurns, byTypes } from './turns.ts';

type Data = (length: number, random: Random, round: (value: number) => number) => Float64Array;

const fill = (length: number, value: (index: number) => number): Float64Array =>
  Float64Array.from({ length }, (_, index) => value(index));

const data: Readonly<Record<string, Data>> = {
  constant: (length, random) => new Float64Array(length).fill(random.uniform(-2, 2)),
  'constant large': (length, random) => new Float64Array(length).fill(random.uniform(1e3, 1e4)),
  // all digits of E[x²] - E[x]² are lost here, and most of those of x - mean
  'offset 1e4 ± 1e-2': (length, random) => fill(length, () => 1e4 + random.uniform(-1e-2, 1e-2)),
  'offset -100 ± 1': (length, random) => fill(length, () => random.uniform(-101, -99)),
  'outlier first': (length, random) => fill(length, (index) => (index === 0 ? 1e4 : random.normal())),
  'outlier last': (length, random) => fill(length, (index) => (index === length - 1 ? -1e4 : random.normal())),
  ties: (length, random) => {
    const magnitude = random.uniform(0.5, 2);
    return fill(length, (index) => (index % 2 ? magnitude : -magnitude));
  },
  'ties with zeros': (length, random) =>
    fill(length, (index) => ([1, 0, -1, -0][index % 4] as number) * random.uniform(0.5, 2)),
  'one more positive': (length, random) =>
    fill(length, (index) => (index <= length / 2 ? 1 : -1) * random.uniform(0.5, 2)),
  'one more negative': (length, random) =>
    fill(length, (index) => (index <= length / 2 ? -1 : 1) * random.uniform(0.5, 2)),
  'more zeros than signs': (length, random) => fill(length, (index) => (index % 3 === 0 ? random.uniform(0.5, 2) : 0)),
  'one positive among zeros': (length) => fill(length, (index) => (index === length - 1 ? 0.75 : 0)),
  zeros: (length) => new Float64Array(length),
  tiny: (length, random) => fill(length, () => random.normal() * 1e-18),
  subnormal: (length, random) => fill(length, () => random.normal() * 2 ** -130),
  large: (length, random) => fill(length, () => random.normal() * 1e15),
  // large terms first, which leave no room for the small ones in a running sum
  'large before small': (length, random) =>
    fill(length, (index) => (index < length / 64 ? 300 : 1) * random.uniform(0.5, 1)),
  'alternating signs': (length, random) => fill(length, (index) => (index % 2 ? 1 : -1) * (100 + random.uniform(0, 1))),
  'with an infinity': (length, random) =>
    fill(length, (index) => (index === length >> 1 ? Number.POSITIVE_INFINITY : random.normal())),
  'with a NaN': (length, random) => fill(length, (index) => (index === length >> 1 ? Number.NaN : random.normal())),
};

const sets = Object.entries(data);
/** What settings differ in most. */
const isTelling = ([name]: (typeof sets)[number]): boolean => ['constant', 'offset 1e4 ± 1e-2'].includes(name);
const others = sets.filter((set) => !isTelling(set));

export const statistics: CaseGroup = function* (context) {
  const { activation, quick } = context;
  const asked = (variant: Variant, shape: Shape, [name, values]: (typeof sets)[number]) => ({
    name: `${variant.label} ${name} [${shape.join()}]`.trim(),
    run: (probe: Probe) => check(probe, context, variant.activation, shape, values),
  });
  if (usesStatistics(activation)) {
    // in a quick run, one half of the rest in each direction
    const asks = [...sets.filter(isTelling), ...byTurns(context, 'data', others, others.length / 2)];
    for (const shape of quick ? [table] : shapes)
      for (const set of asks) yield asked({ label: '', activation }, shape, set);
  }
  for (const variant of settingsFor(context).filter((each) => usesStatistics(each.activation))) {
    const shape = quick ? table : shapes[0];
    const what = `data of ${variant.label}`;
    const some = quick ? byTurns(context, what, others, 4) : byTypes(context, what, others);
    for (const set of [...sets.filter(isTelling), ...some]) yield asked(variant, shape, set);
  }
  const hasSums = usesStatistics(activation) || (context.direction === 'vjp' && activation.trainable.length > 0);
  if (!hasSums) return;
  // of an odd length, as the table's is
  const long = quick ? 2 ** 14 + 1 : 2 ** 17;
  for (const which of quick ? [1] : [1, 2]) {
    yield { name: `${long} equal terms (${which})`, run: (probe) => equalTerms(probe, context, [1, long]) };
  }
  yield {
    name: `${long} terms, large before small`,
    run: (probe) => check(probe, context, activation, [1, long], data['large before small'] as Data),
  };
  // the magnitudes of the terms add up to less than half of the range, so nothing may overflow
  if (!usesStatistics(activation))
    yield { name: 'terms near the end of the range', run: (probe) => nearTheEnd(probe, context) };
  if (context.huge)
    yield { name: '2^24 + 7 equal terms', run: (probe) => equalTerms(probe, context, [1, 2 ** 24 + 7]) };
};

/** The first of them for other settings than the default. */
const shapes = [
  [3, 70],
  [2, 1024],
  [8, 1],
] as const;

const usesStatistics = (activation: Activation): boolean => extentsOf(activation).length > 0;

async function check(
  probe: Probe,
  { direction, format }: CaseContext,
  activation: Activation,
  shape: Shape,
  values: Data,
): Promise<void> {
  const x = values(elementCount(shape), probe.random, format.round);
  const spec = { shape, dtype: format.dtype, channelAxis: shape.length - 1 };
  await ask(probe, direction, activation, spec, x, {}, sampleOf(x));
}

/** Of many elements, some stand for all; sums are looked at as they are. */
const sampleOf = ({ length }: Float64Array): number | undefined => (length > 4096 ? 1024 : undefined);

async function nearTheEnd(probe: Probe, { activation, direction, format, quick }: CaseContext): Promise<void> {
  const spec = { ...tableSpec(format), ...(!quick && { shape: [1, 64] }) };
  const length = elementCount(spec.shape);
  const most = format.largest / (2 * length);
  const x = Float64Array.from({ length }, () => -most * probe.random.uniform(0.75, 1));
  const upstream = Float64Array.from({ length }, () => probe.random.uniform(0.75, 1));
  await ask(probe, direction, activation, spec, x, { upstream });
}

/**
 * A running float32 sum of equal terms drifts: in each binade of the sum, every addition is rounded the same way. From
 * 2^24 terms on it does not move at all.
 */
async function equalTerms(probe: Probe, { activation, direction, format }: CaseContext, shape: Shape): Promise<void> {
  const length = elementCount(shape);
  const x = new Float64Array(length).fill(-probe.random.uniform(0.5, 1));
  const upstream = new Float64Array(length).fill(probe.random.uniform(0.5, 1));
  const spec = { shape, dtype: format.dtype, channelAxis: shape.length - 1 };
  await ask(probe, direction, activation, spec, x, { upstream }, sampleOf(x));
}
