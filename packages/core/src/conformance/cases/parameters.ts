/** Other values of the parameters: presets, random and extreme ones of their domain, and one per channel or element. */
import type { Data, TensorSpec } from '../../adapter.ts';
import type { Activation, Domain } from '../../definition.ts';
import { elementCount, type Shape } from '../../graph/geometry.ts';
import type { CaseContext, CaseGroup, Probe } from '../case.ts';
import type { Format } from '../formats.ts';
import type { Random } from '../random.ts';
import { ask } from './arrange.ts';
import { table, tableSpec } from './quick.ts';
import { settingsFor } from './settings.ts';
import { byTurns, byTypes, halfOf, isFirstType } from './turns.ts';

const cube: Shape = [4, 6, 5];
/** Shapes of a parameter beside that: a vector along the last axis, along a middle one, per sample, per element, one. */
const inCube: readonly Shape[] = [[5], [6, 1], [4, 1, 1], [4, 6, 5], [1]];
/** The same beside the table that all groups of a quick run share. */
const inTable: readonly Shape[] = [[67], [5, 1], table, [1]];

type Shapes = Readonly<Record<string, Shape>>;

export const parameters: CaseGroup = function* (context) {
  const { activation, direction, quick } = context;
  const isFirst = isFirstType(context);
  for (const { label, activation: variant } of settingsFor(context)) {
    yield { name: label, run: (probe) => check(probe, context, variant, {}, {}) };
  }
  const names = Object.keys(activation.parameters);
  if (names.length === 0) return;
  const random = (probe: Probe, parameterShapes: Shapes) => {
    const values = names.map((name) => {
      const domain = activation.declarations[name]?.domain ?? {};
      const length = elementCount(parameterShapes[name] ?? []);
      const usual = activation.parameters[name] as number;
      return [name, drawn(probe.random, context.format, domain, usual, length)] as const;
    });
    return check(probe, context, activation, parameterShapes, Object.fromEntries(values));
  };
  const draws = Array.from({ length: 8 }, (_, k) => k);
  for (const k of quick ? [0] : byTypes(context, 'random parameters', draws))
    yield { name: `random ${k}`, run: (probe) => random(probe, {}) };
  for (const name of byTurns(context, 'extreme parameters', names, isFirst ? Math.ceil(names.length / 2) : 1))
    yield { name: `${name} extreme`, run: (probe) => extreme(probe, context, name) };
  const single = names.flatMap((name) =>
    (quick ? inTable : inCube).map((own) => ({
      name: `${name} [${own.join()}]`,
      run: (probe: Probe) => random(probe, { [name]: own }),
    })),
  );
  const perChannel: Shape = quick ? [67] : [5];
  const all = {
    name: 'all per channel',
    run: (probe: Probe) => random(probe, Object.fromEntries(names.map((name) => [name, perChannel]))),
  };
  // only a vjp sums over the elements that share a parameter; where there are many, each shape is some parameter's
  const asksAll = direction === 'vjp' && names.length <= 2;
  const owed = asksAll ? single : halfOf(context, 'shapes of parameters', single);
  if (!quick) yield* [...byTypes(context, 'shapes of parameters', owed), all];
  else if (isFirst)
    yield* [...byTurns(context, 'shapes of parameters', single, 1), ...byTurns(context, 'all', [all], 1 / 2)];
  else yield* byTurns(context, 'shapes of parameters', [...single, all], 1);
};

async function check(
  probe: Probe,
  { direction, format, quick }: CaseContext,
  activation: Activation,
  parameterShapes: Shapes,
  values: Readonly<Record<string, Data>>,
): Promise<void> {
  const spec: TensorSpec = {
    ...tableSpec(format),
    ...(!quick && { shape: cube }),
    ...(Object.keys(parameterShapes).length > 0 && { parameterShapes }),
  };
  const x = Float64Array.from({ length: elementCount(spec.shape) }, () => 2.5 * probe.random.normal());
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
  const allowed = (values: readonly number[]) =>
    [...new Set(values.map(format.round))].filter((value) => Number.isFinite(value) && fits(value));
  const others = allowed([-1, -30, 1e-4, atLeast, atMost]);
  for (const value of [...allowed([0, 30]), ...byTurns(context, `extreme values of ${name}`, others, 1)]) {
    await check(probe, context, activation, {}, { [name]: format.fromNumbers([value]) });
  }
}
