/** What a backend ought to answer to one call, and how far off it may be. */

import type { TensorSpec } from '../../adapter.ts';
import type { Activation } from '../../definition.ts';
import { type Expression, type Extent, topologicalOrder } from '../../expression/node.ts';
import { upstreamPenalty } from '../../graph/differentiate.ts';
import { elementCount } from '../../graph/geometry.ts';
import { gradientNames } from '../../graph/roots.ts';
import { once, remembered } from '../remembered.ts';
import { type Ambiguity, ambiguitiesOf } from './ambiguity.ts';
import { type Bound, type Bounds, createBounds, depthParameter } from './bounds.ts';
import type { DeviationForm } from './deviation.ts';
import { type Evaluation, type EvaluationOptions, evaluateOver, type Tensors } from './evaluation.ts';
import {
  type Alternative,
  coefficientNames,
  type Expected,
  type ExpectedOutput,
  emptySums,
  lazily,
} from './expected.ts';
import { groupsOfExtent } from './groups.ts';
import { outputLength, placesOf } from './places.ts';
import { swayOf } from './sway.ts';

export type Direction = 'forward' | 'vjp';

/** The numbers of one call, rounded to the data type already. */
export interface CallNumbers {
  readonly x: ArrayLike<number>;
  readonly noise?: ArrayLike<number> | undefined;
  readonly parameters: Readonly<Record<string, ArrayLike<number>>>;
  readonly state?: Readonly<Record<string, ArrayLike<number>>> | undefined;
  readonly upstream?: { readonly y: ArrayLike<number>; readonly penalty: number } | undefined;
}

/** What tolerances depend on beside the call. */
export interface Arithmetic {
  /** The subject's depth of a sum of n terms. */
  readonly sumDepth: (n: number) => number;
  readonly unit: number;
  /** Whether the subject may flush subnormals to 0. */
  readonly flushes?: boolean;
}

/** Which of a call's answers to give. */
export interface Selection {
  /** Elements at which to give fields; all unless given. */
  readonly at?: Uint32Array | undefined;
  /** Elements that statistics are taken over; all unless given. They must be whole groups. */
  readonly over?: Uint32Array | undefined;
  /**
   * Elements from which the sums inside of tolerances (and not those inside of values) are estimated; `over` unless
   * given. No comparison is taken for ambiguous then.
   */
  readonly boundsFrom?: Uint32Array | undefined;
  readonly gather?: EvaluationOptions['gather'];
  /** Which outputs to give; all unless given. */
  readonly only?: (kind: ExpectedOutput['kind']) => boolean;
}

export type OracleOptions = Arithmetic & Selection;

interface Plan {
  readonly bounds: Bounds;
  readonly outputs: readonly (Output & { readonly bound: Bound })[];
  readonly ambiguities: readonly Ambiguity[];
  /** The extents of the sums in the tolerances, by the parameter that holds their depth. */
  readonly extents: ReadonlyMap<string, Extent>;
}

const plans: Readonly<Record<DeviationForm, WeakMap<object, Plan>>> = { pivoted: new WeakMap(), plain: new WeakMap() };

function planOf(activation: Activation, direction: Direction, form: DeviationForm): Plan {
  const graph = activation[direction];
  let plan = plans[form].get(graph);
  if (!plan) {
    const outputs = direction === 'forward' ? forwardOutputs(activation) : vjpOutputs(activation);
    const roots = outputs.map(({ root }) => root);
    const bounds = createBounds(direction, roots, form);
    const bounded = outputs.map((output) => ({ ...output, bound: bounds.boundOf(output.root) }));
    const ambiguities = ambiguitiesOf(roots, bounds);
    plan = {
      bounds,
      outputs: bounded,
      ambiguities,
      extents: summedExtents([
        ...bounded.flatMap(({ bound }) => coefficientNames.map((name) => bound[name])),
        ...watchedBy(ambiguities),
      ]),
    };
    plans[form].set(graph, plan);
  }
  return plan;
}

interface Output {
  readonly name: string;
  readonly kind: ExpectedOutput['kind'];
  readonly root: Expression;
  readonly part?: number;
}

const forwardOutputs = ({ forward: { y, penalty, state } }: Activation): Output[] => [
  ...y.map((root, part) => ({ name: 'y', kind: 'field', root, part }) as const),
  ...(penalty ? [{ name: 'penalty', kind: 'penalty', root: penalty } as const] : []),
  ...Object.entries(state ?? {}).map(([name, root]) => ({ name, kind: 'state', root }) as const),
];

const vjpOutputs = ({ vjp }: Activation): Output[] => [
  { name: 'x', kind: 'field', root: vjp.x },
  ...Object.entries(vjp.parameters).map(([name, root]) => ({ name, kind: 'parameter', root }) as const),
];

const watchedBy = (ambiguities: readonly Ambiguity[]): Expression[] =>
  ambiguities.flatMap(({ gap, reach, flushed }) => [gap, reach, flushed]);

/** The outputs of one call, with everything that it takes to judge them. */
export const expectedOutputs = (
  activation: Activation,
  direction: Direction,
  spec: TensorSpec,
  numbers: CallNumbers,
  options: OracleOptions,
): ExpectedOutput[] => prepareOutputs(activation, direction, spec, numbers, options)(options);

/**
 * The same for several subjects: the values are computed once, and the tolerances once for all that add up alike.
 */
export function prepareOutputs(
  activation: Activation,
  direction: Direction,
  spec: TensorSpec,
  numbers: CallNumbers,
  { at, over, boundsFrom, gather, only }: Selection,
): (arithmetic: Arithmetic) => ExpectedOutput[] {
  const plan = planOf(activation, direction, spec.dtype === 'float64' ? 'plain' : 'pivoted');
  const wanted = new Set(gradientNames(activation, spec));
  const outputs = plan.outputs.filter(
    ({ name, kind }) => (only?.(kind) ?? true) && (kind !== 'parameter' || wanted.has(name)),
  );
  const length = elementCount(spec.shape);
  const values = outputs.map(({ root }) => root);
  const roots = outputs.flatMap(({ bound }) => coefficientNames.map((name) => bound[name]));
  const watched = watchedBy(plan.ambiguities);
  const given = bind(numbers);
  const base: EvaluationOptions = { maxima: plan.bounds.maxima, ...(over && { over }), ...(gather && { gather }) };
  const exactly = evaluateOver(values, spec, given, base);

  const answers = outputs.map((output) => {
    const { name, kind, root, bound } = output;
    const elements = placesOf(name, kind, activation, spec, length, at);
    // a sum of no terms is 0
    const none = length === 0 && kind !== 'field' ? emptySums(outputLength({ name, kind }, activation, spec)) : null;
    const coefficients = coefficientNames.map((coefficient) => bound[coefficient]);
    const under = (evaluation: () => Evaluation, value?: Float64Array): Expected =>
      none ?? lazily(value, () => evaluation().at(coefficients, elements));
    return { output, elements, under, value: none ? undefined : exactly.at([root], elements)[0] };
  });

  const tolerancesFor = remembered((depths: Depths) => {
    const tensors: Tensors = { ...given, parameters: { ...given.parameters, ...depths } };
    /** Values and tolerances, under other circumstances unless these are those of `exactly`. */
    const evaluate = (more?: EvaluationOptions): Evaluation => {
      const known = (more ? evaluateOver(values, spec, tensors, { ...base, ...more }) : exactly).statistics;
      if (!boundsFrom) return evaluateOver([...roots, ...watched], spec, tensors, { ...base, ...more, known });
      const scale = (over?.length ?? length) / boundsFrom.length;
      return evaluateOver(roots, spec, tensors, { ...base, ...more, known, over: boundsFrom, scale });
    };
    const evaluation = once(() => evaluate());
    const overflows = once(() => {
      const saturated = evaluate({ saturated: true });
      return [
        ...(saturated.overflowed ? [saturated] : []),
        ...([exactly, evaluation()].some(({ mayOverflow }) => mayOverflow)
          ? partialSums.map((partialSum) => evaluate({ partialSum }))
          : []),
      ];
    });
    return { evaluate, evaluation, overflows, expected: answers.map(({ under, value }) => under(evaluation, value)) };
  });

  const outputsFor = remembered(({ depths, unit, flushes }: Owing): ExpectedOutput[] => {
    const { evaluate, evaluation, overflows, expected } = tolerancesFor(depths);
    const others = once((): { because: Alternative['because']; evaluation: Evaluation }[] => {
      const flips = boundsFrom ? null : flipsOf(plan.ambiguities, evaluation(), { unit, flushes }, length, over);
      return [
        ...(flips ? [{ because: 'comparison' as const, evaluation: evaluate({ flips }) }] : []),
        ...overflows().map((each) => ({ because: 'overflow' as const, evaluation: each })),
      ];
    });
    return answers.map(({ output: { name, kind, root, part = 0 }, elements, under }, k) => {
      const alternatives = once(() =>
        others().map(({ because, evaluation: other }): Alternative => {
          const isSum = root.kind === 'statistic' && root.name === 'sum' && length > 0;
          const sway = because === 'comparison' && isSum ? swayOf(root, spec, over, evaluation(), other) : null;
          return { because, expected: under(() => other), sway };
        }),
      );
      return {
        name,
        kind,
        part,
        elements,
        expected: expected[k] as Expected,
        get alternatives() {
          return alternatives();
        },
      };
    });
  });
  return ({ sumDepth, unit, flushes = false }) =>
    outputsFor({ depths: depthsOf(plan.extents, spec, sumDepth, unit), unit, flushes });
}

/** What a float32 sum may have become where the magnitudes of its terms add up to more than float32 can hold. */
const partialSums = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN] as const;

/** The element-shaped tensors of a call; see `Tensors`. */
export const inputsOf = ({ x, upstream, noise }: CallNumbers): Tensors['inputs'] => ({
  x,
  ...(noise && { noise }),
  ...(upstream && { upstream: upstream.y }),
});

function bind(numbers: CallNumbers): Tensors {
  const { upstream, parameters, state } = numbers;
  return {
    inputs: inputsOf(numbers),
    parameters: { ...parameters, [upstreamPenalty]: [upstream?.penalty ?? 0] },
    state,
  };
}

function summedExtents(roots: readonly Expression[]): ReadonlyMap<string, Extent> {
  const extents = new Map<string, Extent>();
  for (const node of topologicalOrder(roots)) {
    if (node.kind === 'statistic') extents.set(depthParameter(node.extent), node.extent);
  }
  return extents;
}

/** The parameters that hold k+1 for the sums of each extent. */
type Depths = Readonly<Record<string, readonly [number]>>;

/** What the answers to one call depend on. */
interface Owing {
  readonly depths: Depths;
  readonly unit: number;
  readonly flushes: boolean;
}

/** 0 where the subject's depth would allow an error beyond 2^-12 of the terms. */
const depthsOf = (extents: Plan['extents'], spec: TensorSpec, sumDepth: Arithmetic['sumDepth'], unit: number): Depths =>
  Object.fromEntries(
    [...extents].map(([name, extent]) => {
      const depth = sumDepth(groupsOfExtent(extent, spec).size) + 1;
      return [name, [depth * unit > 2 ** -12 ? 0 : depth]];
    }),
  );

/** The elements at which a comparison may go either way, or null where there is none. */
function flipsOf(
  ambiguities: readonly Ambiguity[],
  evaluation: Evaluation,
  { unit, flushes }: Pick<Owing, 'unit' | 'flushes'>,
  length: number,
  elements: Uint32Array | undefined,
): EvaluationOptions['flips'] | null {
  let any = false;
  const watched = evaluation.at(watchedBy(ambiguities), elements);
  const flips = new Map(
    ambiguities.map(({ predicate }, k) => {
      const [gaps, reaches, floors] = watched.slice(3 * k) as [Float64Array, Float64Array, Float64Array];
      const marks = new Uint8Array(length);
      gaps.forEach((distance, place) => {
        const floor = flushes ? 2 ** -126 * (floors[place] as number) : 0;
        if (!(distance < unit * (reaches[place] as number) + floor)) return;
        marks[elements?.[place] ?? place] = 1;
        any = true;
      });
      return [predicate, marks] as const;
    }),
  );
  return any ? flips : null;
}
