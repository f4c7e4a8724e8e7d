/** Answers that several backends share: whoever is asked the same question is judged by the same values. */
import type { Data } from '../adapter.ts';
import type { Activation } from '../definition.ts';
import { sameBits } from './bytes.ts';
import type { CallData } from './case.ts';
import type { PreparedAnswers, Question } from './compare.ts';

/** Which of a question's answers are asked for. */
export interface Asked {
  /** So many elements of a tensor that is too large to judge them all. */
  readonly sample?: number | undefined;
  readonly elements?: Uint32Array | undefined;
}

/**
 * Answers that are kept from one run to the next. A run asks every backend the same questions, and finding the answers
 * takes longer than most backends do. Memory is the price: keep them while one activation is asked about.
 */
export interface SharedAnswers {
  readonly kind: 'shared answers';
}

interface Known {
  readonly arrays: Arrays;
  readonly answers: PreparedAnswers;
}

type Store = Map<Activation, Map<string, Known[]>>;

const stores = new WeakMap<SharedAnswers, Store>();

/**
 * @example
 * ```ts
 * const answers = createSharedAnswers();
 * for (const backend of backends) await runConformance(backend, { activations: ['gelu'], answers });
 * ```
 */
export function createSharedAnswers(): SharedAnswers {
  const shared: SharedAnswers = { kind: 'shared answers' };
  stores.set(shared, new Map());
  return shared;
}

/** The answers to this question, if it was asked before to the last bit; otherwise those that are made. */
export function answersFrom(
  shared: SharedAnswers,
  { activation, direction, spec, data }: Question,
  { sample, elements }: Asked,
  make: () => PreparedAnswers,
): PreparedAnswers {
  const store = stores.get(shared);
  if (!store) throw new TypeError('answers must be made by createSharedAnswers (were not).');
  let known = store.get(activation);
  if (!known) {
    known = new Map();
    store.set(activation, known);
  }
  const arrays = arraysOf(data, elements);
  const lengths = Object.entries(arrays).map(([name, { length }]) => [name, length]);
  const key = JSON.stringify([direction, spec, sample, lengths]);
  const alike = known.get(key) ?? [];
  const found = alike.find((each) => sameArrays(each.arrays, arrays));
  if (found) return found.answers;
  const answers = make();
  // a copy, since a backend may write into what it is given
  const copies = Object.entries(arrays).map(([name, values]) => [name, values.slice()] as const);
  known.set(key, [...alike, { arrays: Object.fromEntries(copies), answers }]);
  return answers;
}

type Arrays = Readonly<Record<string, Data | Uint32Array>>;

/** All numbers of a question, by names that tell them apart. */
function arraysOf({ x, upstream, parameters, state }: CallData, elements: Uint32Array | undefined): Arrays {
  const named = (what: string, arrays: Arrays = {}): [string, Data | Uint32Array][] =>
    Object.entries(arrays).map(([name, values]) => [`${what} ${name}`, values]);
  return {
    x,
    ...(upstream && { upstream: upstream.y, penalty: Float64Array.of(upstream.penalty ?? 0) }),
    ...(elements && { elements }),
    ...Object.fromEntries([...named('parameter', parameters), ...named('state', state)]),
  };
}

/** Of the same names. */
const sameArrays = (one: Arrays, two: Arrays): boolean =>
  Object.entries(one).every(([name, values]) => sameBits(values, two[name] as Data | Uint32Array));
