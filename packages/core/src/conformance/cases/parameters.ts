/** Other values of the parameters: presets, random and extreme ones of their domain, and one per channel or element. */
import type { Data, TensorSpec } from '../../adapter.ts';
import type { Activation, Domain } from '../../definition.ts';
import { elementCount, type Shape } from '../../graph/geometry.ts';
import type { CaseContext, CaseGroup, Probe } from '../case.ts';
import type { Format } from '../formats.ts';
import type { Random } from '../random.ts';
import { ask } from './arrange.ts';

const shape: Shape = [4, 6, 5];

export const parameters: CaseGroup = function* (context) {
  const { activation, quick } = context;
  for (const { label, activation: variant } of context.variants) {
    yield { name: label, run: (probe) => check(probe, context, variant, {}, {}) };
  }
  const names = Object.keys(activation.parameters);
  if (names.length === 0) return;
  const random = (probe: Probe, parameterShapes: Readonly<Record<string, Shape>>) => {
    const values = Object.fromEntries(
      names.map((name) => {
        const length = elementCount(parameterShapes[name] ?? []);
        return [
          name,
          drawn(
            probe.random,
            context.format,
            activation.declarations[name]?.domain ?? {},
            activation.parameters[name] as number,
            length,
          ),
        ];
      }),
    );
    return check(probe, context, activation, parameterShapes, values);
  };
  for (let k = 0; k < (quick ? 2 : 8); k++) yield { name: `random ${k}`, run: (probe) => random(probe, {}) };
  for (const name of names) {
    // a vector along the last axis, along a middle one, one value per sample, one per element
    for (const own of [[5], [6, 1], [4, 1, 1], [4, 6, 5], [1]]) {
      yield { name: `${name} [${own.join()}]`, run: (probe) => random(probe, { [name]: own }) };
    }
    yield { name: `${name} extreme`, run: (probe) => extreme(probe, context, name) };
  }
  yield {
    name: 'all per channel',
    run: (probe) => random(probe, Object.fromEntries(names.map((name) => [name, [5]]))),
  };
};

async function check(
  probe: Probe,
  { direction, format }: CaseContext,
  activation: Activation,
  parameterShapes: Readonly<Record<string, Shape>>,
  values: Readonly<Record<string, Data>>,
): Promise<void> {
  const x = Float64Array.from({ length: elementCount(shape) }, () => 2.5 * probe.random.normal());
  const spec: TensorSpec = { shape, dtype: format.dtype, channelAxis: 1, parameterShapes };
  await ask(probe, direction, activation, spec, x, { parameters: values });
}

/** Values around the default that lie in the domain. */
function drawn(
  random: Random,
  format: Format,
  { above, atLeast, atMost }: Domain,
  usual: number,
  length: number,
): Data {
  const low = above ?? atLeast ?? Number.NEGATIVE_INFINITY;
  const high = atMost ?? Number.POSITIVE_INFINITY;
  const draw = (): number => {
    const scale = 2 ** random.uniform(-2, 2) * (low < 0 && random.integer(2) ? -1 : 1);
    const value = format.round(usual === 0 ? random.normal() : usual * scale);
    return value >= low && value <= high && value !== above ? value : format.round(usual);
  };
  return format.fromNumbers(Float64Array.from({ length }, draw));
}

/** Where the domain ends, 0 and large magnitudes, one parameter at a time. */
async function extreme(probe: Probe, context: CaseContext, name: string): Promise<void> {
  const { activation, format } = context;
  const {
    above = Number.NEGATIVE_INFINITY,
    atLeast = Number.NEGATIVE_INFINITY,
    atMost = Number.POSITIVE_INFINITY,
  } = activation.declarations[name]?.domain ?? {};
  const fits = (value: number): boolean => value > above && value >= atLeast && value <= atMost;
  for (const value of [0, -1, 30, -30, 1e-4, atLeast, atMost].map(format.round)) {
    if (!Number.isFinite(value) || !fits(value)) continue;
    await check(probe, context, activation, {}, { [name]: format.fromNumbers([value]) });
  }
}
