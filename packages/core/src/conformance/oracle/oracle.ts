/** What a backend ought to answer to one call, and how far off it may be. */

import type { TensorSpec } from '../../adapter.ts';
import type { Activation } from '../../definition.ts';
import { type Expression, type Extent, topologicalOrder } from '../../expression/node.ts';
import { upstreamPenalty } from '../../graph/differentiate.ts';
import { elementCount, extentAxes, parameterAxes, parameterShape } from '../../graph/geometry.ts';
import { elementOf } from '../../graph/grouping.ts';
import { gradientNames, outputShape, stateShapes } from '../../graph/roots.ts';
import { type Ambiguity, ambiguitiesOf } from './ambiguity.ts';
import { type Bound, type Bounds, createBounds, depthParameter } from './bounds.ts';
import type { DeviationForm } from './deviation.ts';
import { type Evaluation, type EvaluationOptions, evaluateOver, type Tensors } from './evaluation.ts';
import { groupsOfAxes, groupsOfExtent } from './groups.ts';

export type Direction = 'forward' | 'vjp';

/** The numbers of one call, rounded to the data type already. */
export interface CallNumbers {
  readonly x: ArrayLike<number>;
  readonly noise?: ArrayLike<number> | undefined;
  readonly parameters: Readonly<Record<string, ArrayLike<number>>>;
  readonly state?: Readonly<Record<string, ArrayLike<number>>> | undefined;
  readonly upstream?: { readonly y: ArrayLike<number>; readonly penalty: number } | undefined;
}

const coefficientNames = ['value', 'magnitude', 'a', 'b', 'c', 'floor', 'k'] as const;

/**
 * Values and the coefficients of their tolerance; see `bounds.ts`. The coefficients are computed when one of them is
 * asked for: exact answers need none.
 */
export type Expected = Readonly<Record<(typeof coefficientNames)[number], Float64Array>>;

/** Another answer that is right as well. */
interface Alternative {
  /** A comparison of computed numbers may go either way; a sum in float32 may overflow on its way. */
  readonly because: 'comparison' | 'overflow';
  readonly expected: Expected;
}

export interface ExpectedOutput {
  /** 'y' and 'penalty', or 'x' and the parameters' names; a state's name in `state`. */
  readonly name: string;
  readonly kind: 'field' | 'penalty' | 'parameter' | 'state';
  /** Which part of y it is; 0 of all else. */
  readonly part: number;
  readonly expected: Expected;
  /** Computed when asked for. */
  readonly alternatives: readonly Alternative[];
  /** The element that each value stands at. */
  readonly elements: Uint32Array | undefined;
}

export interface OracleOptions {
  /** The subject's depth of a sum of n terms. */
  readonly sumDepth: (n: number) => number;
  readonly unit: number;
  /** Whether the subject may flush subnormals to 0. */
  readonly flushes?: boolean;
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

interface Plan {
  readonly bounds: Bounds;
  readonly outputs: readonly (Output & { readonly bound: Bound })[];
  readonly ambiguities: readonly Ambiguity[];
}

const plans: Readonly<Record<DeviationForm, WeakMap<object, Plan>>> = { pivoted: new WeakMap(), plain: new WeakMap() };

function planOf(activation: Activation, direction: Direction, form: DeviationForm): Plan {
  const graph = activation[direction];
  let plan = plans[form].get(graph);
  if (!plan) {
    const outputs = direction === 'forward' ? forwardOutputs(activation) : vjpOutputs(activation);
    const roots = outputs.map(({ root }) => root);
    const bounds = createBounds(direction, roots, form);
    plan = {
      bounds,
      outputs: outputs.map((output) => ({ ...output, bound: bounds.boundOf(output.root) })),
      ambiguities: ambiguitiesOf(roots, bounds),
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

/** The outputs of one call, with everything that it takes to judge them. */
export function expectedOutputs(
  activation: Activation,
  direction: Direction,
  spec: TensorSpec,
  numbers: CallNumbers,
  options: OracleOptions,
): ExpectedOutput[] {
  const plan = planOf(activation, direction, spec.dtype === 'float64' ? 'plain' : 'pivoted');
  const wanted = new Set(gradientNames(activation, spec));
  const outputs = plan.outputs.filter(
    ({ name, kind }) => (options.only?.(kind) ?? true) && (kind !== 'parameter' || wanted.has(name)),
  );
  const length = elementCount(spec.shape);
  const values = outputs.map(({ root }) => root);
  const roots = outputs.flatMap(({ bound }) => coefficientNames.map((name) => bound[name]));
  const watched = plan.ambiguities.flatMap(({ gap, reach, flushed }) => [gap, reach, flushed]);
  const tensors = bind(spec, numbers, [...roots, ...watched], options);
  const { over, boundsFrom, gather } = options;
  const base: EvaluationOptions = { maxima: plan.bounds.maxima, ...(over && { over }), ...(gather && { gather }) };
  const exactly = evaluateOver(values, spec, tensors, base);

  /** Values and tolerances, under other circumstances unless these are those of `exactly`. */
  const evaluate = (more?: EvaluationOptions): Evaluation => {
    const known = (more ? evaluateOver(values, spec, tensors, { ...base, ...more }) : exactly).statistics;
    if (!boundsFrom) return evaluateOver([...roots, ...watched], spec, tensors, { ...base, ...more, known });
    const scale = (over?.length ?? length) / boundsFrom.length;
    return evaluateOver(roots, spec, tensors, { ...base, ...more, known, over: boundsFrom, scale });
  };
  const evaluation = once(() => evaluate());
  const others = once((): { because: Alternative['because']; evaluation: Evaluation }[] => {
    const flips = boundsFrom ? null : flipsOf(plan.ambiguities, evaluation(), options, length, over);
    const saturated = evaluate({ saturated: true });
    const overflows = [
      ...(saturated.overflowed ? [saturated] : []),
      ...([exactly, evaluation()].some(({ mayOverflow }) => mayOverflow)
        ? partialSums.map((partialSum) => evaluate({ partialSum }))
        : []),
    ];
    return [
      ...(flips ? [{ because: 'comparison' as const, evaluation: evaluate({ flips }) }] : []),
      ...overflows.map((each) => ({ because: 'overflow' as const, evaluation: each })),
    ];
  });

  return outputs.map(({ name, kind, part = 0, bound }) => {
    const elements = placesOf(name, kind, activation, spec, length, options.at);
    // a sum of no terms is 0
    const empty = length === 0 && kind !== 'field' ? outputLength({ name, kind }, activation, spec) : null;
    const read = (from: () => Evaluation, value: Float64Array | undefined): Expected => {
      if (empty !== null) return emptySums(empty);
      return lazily(value, () =>
        from().at(
          coefficientNames.map((coefficient) => bound[coefficient]),
          elements,
        ),
      );
    };
    const alternatives = once(() =>
      others().map(
        (other): Alternative => ({ because: other.because, expected: read(() => other.evaluation, undefined) }),
      ),
    );
    return {
      name,
      kind,
      part,
      elements,
      expected: read(evaluation, empty === null ? exactly.at([bound.value], elements)[0] : undefined),
      get alternatives() {
        return alternatives();
      },
    };
  });
}

/** What a float32 sum may have become where the magnitudes of its terms add up to more than float32 can hold. */
const partialSums = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN] as const;

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The value where it is known, and the coefficients that are computed when one of them is read. */
function lazily(value: Float64Array | undefined, compute: () => readonly Float64Array[]): Expected {
  const arrays = once(compute);
  const read = (name: keyof Expected): Float64Array => arrays()[coefficientNames.indexOf(name)] as Float64Array;
  return {
    get value() {
      return value ?? read('value');
    },
    get magnitude() {
      return read('magnitude');
    },
    get a() {
      return read('a');
    },
    get b() {
      return read('b');
    },
    get c() {
      return read('c');
    },
    get floor() {
      return read('floor');
    },
    get k() {
      return read('k');
    },
  };
}

const emptySums = (count: number): Expected => {
  const zeros = new Float64Array(count);
  return Object.fromEntries(coefficientNames.map((name) => [name, zeros])) as unknown as Expected;
};

/** Where an output's values are read off: one element of each group that shares a value. */
function placesOf(
  name: string,
  kind: ExpectedOutput['kind'],
  activation: Activation,
  spec: TensorSpec,
  length: number,
  at: Uint32Array | undefined,
): Uint32Array | undefined {
  if (kind === 'field') return at;
  if (length === 0) return new Uint32Array(0);
  if (kind === 'penalty') return Uint32Array.of(0);
  const spanned = kind === 'state' ? stateAxes(name, activation, spec) : parameterSpan(name, spec);
  const { grouping, count } = groupsOfAxes(spanned, spec);
  return Uint32Array.from({ length: count }, (_, group) => elementOf(group, 0, grouping));
}

const parameterSpan = (name: string, spec: TensorSpec): readonly number[] => {
  const kept = new Set(parameterAxes(name, spec));
  return spec.shape.flatMap((_, axis) => (kept.has(axis) ? [] : [axis]));
};

function stateAxes(name: string, activation: Activation, spec: TensorSpec): readonly number[] {
  const node = activation.forward.state?.[name];
  return node && 'extent' in node ? extentAxes(node.extent, spec) : [];
}

/** Number of values of an output, and the shape of a state. */
export function outputLength(
  output: Pick<ExpectedOutput, 'name' | 'kind'>,
  activation: Activation,
  spec: TensorSpec,
): number {
  if (output.kind === 'field') return elementCount(output.name === 'y' ? outputShape(activation, spec) : spec.shape);
  if (output.kind === 'penalty') return 1;
  const shape =
    output.kind === 'state' ? stateShapes(activation, spec)[output.name] : parameterShape(output.name, spec);
  return elementCount(shape ?? []);
}

/** The element-shaped tensors of a call; see `Tensors`. */
export const inputsOf = ({ x, upstream, noise }: CallNumbers): Tensors['inputs'] => ({
  x,
  ...(noise && { noise }),
  ...(upstream && { upstream: upstream.y }),
});

function bind(spec: TensorSpec, numbers: CallNumbers, roots: readonly Expression[], options: OracleOptions): Tensors {
  const { upstream } = numbers;
  return {
    inputs: inputsOf(numbers),
    parameters: { ...numbers.parameters, [upstreamPenalty]: [upstream?.penalty ?? 0], ...depths(spec, roots, options) },
    state: numbers.state,
  };
}

/** k+1 for the sums of each extent; 0 where the subject's depth would allow an error beyond 2^-12 of the terms. */
function depths(
  spec: TensorSpec,
  roots: readonly Expression[],
  { sumDepth, unit }: OracleOptions,
): Record<string, [number]> {
  const extents = new Map<string, Extent>();
  for (const node of topologicalOrder(roots)) {
    if (node.kind === 'statistic') extents.set(depthParameter(node.extent), node.extent);
  }
  return Object.fromEntries(
    [...extents].map(([name, extent]) => {
      const depth = sumDepth(groupsOfExtent(extent, spec).size) + 1;
      return [name, [depth * unit > 2 ** -12 ? 0 : depth]];
    }),
  );
}

/** The elements at which a comparison may go either way, or null where there is none. */
function flipsOf(
  ambiguities: readonly Ambiguity[],
  evaluation: Evaluation,
  { unit, flushes = false }: OracleOptions,
  length: number,
  elements: Uint32Array | undefined,
): EvaluationOptions['flips'] | null {
  let any = false;
  const watched = evaluation.at(
    ambiguities.flatMap(({ gap, reach, flushed }) => [gap, reach, flushed]),
    elements,
  );
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
