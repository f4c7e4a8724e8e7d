/**
 * The quick gate: is this kernel right on the very configuration that is about to be timed?
 *
 * Statistics and gradients of parameters are computed exactly over all elements; single elements are judged on a sample
 * of them, the first and the last included. The data repeats, and so must the results, which takes in every lane.
 */
import type { ActivationBackend, Capabilities, TensorSpec } from '../adapter.ts';
import type { Activation } from '../definition.ts';
import { elementCount } from '../graph/geometry.ts';
import type { CallData, CallResult } from './case.ts';
import { extentsOf, moderateUpstream, readStates } from './cases/arrange.ts';
import { type Answers, compare, type Owed, type PreparedAnswers, prepareAnswers, type Question } from './compare.ts';
import { type Format, formats } from './formats.ts';
import { groupsOfExtent } from './oracle/groups.ts';
import type { Direction } from './oracle/oracle.ts';
import { joinParts, splitParts } from './parts.ts';
import { describeWorst, invoke } from './probe.ts';
import { createRandom } from './random.ts';
import { defaultSeed } from './run.ts';
import { Tally, type WorstValue } from './tally.ts';
import { withinLimit } from './time-limit.ts';
import { type Grade, type OwedGrade, reaches } from './tolerance.ts';

/** What a subject is held to. */
export interface Debts {
  /** Default 'B'. */
  readonly owed?: OwedGrade | undefined;
  /** What the subject claims; everything unless given. */
  readonly supports?: Pick<Capabilities, 'nan' | 'signedZero' | 'subnormals' | 'sumDepth'> | undefined;
}

export interface GateOptions extends Debts {
  readonly seed?: number | undefined;
  /** Without infinities, NaN and subnormals, for peers that promise nothing there. */
  readonly finiteOnly?: boolean | undefined;
  /** Without the state that a forward leaves, for subjects that do not hand it out. */
  readonly ignoreState?: boolean | undefined;
  /** Elements to judge one by one. Default 4096. */
  readonly sample?: number | undefined;
}

export interface GateResult {
  readonly grade: Grade;
  readonly passed: boolean;
  readonly worst: WorstValue | null;
  readonly maxUlp: number;
  /** Values that were judged. */
  readonly values: number;
  /** Why it did not pass. */
  readonly reason?: string;
}

export interface Gate {
  /** What to feed the subject. */
  readonly data: CallData;
  /** Whether the data has no infinity, NaN or subnormal number. */
  readonly finite: boolean;
  /**
   * Judges what it gave: y (and penalty), or x and the parameters by name.
   * @param debts of this subject, where they are not those of the gate. Answers are shared by subjects that add up alike.
   */
  check(result: CallResult, debts?: Debts): GateResult;
}

/** A full-range sum in pairs or blocks, as kernels owe it. */
const owedDepth = (n: number): number => 64 + Math.ceil(Math.log2(Math.max(n, 1)));
const allClaims = { nan: 'propagate', signedZero: 'any', subnormals: 'keep', sumDepth: owedDepth } as const;

/** Makes data for a configuration and the answers to it, once for all the subjects that are to be compared. */
export function createGate(
  activation: Activation,
  spec: TensorSpec,
  direction: Direction,
  options: GateOptions = {},
): Gate {
  const { seed = defaultSeed, finiteOnly = false, ignoreState = false, sample = 4096 } = options;
  const format = formats[spec.dtype];
  const random = createRandom(seed, `gate of ${activation.name}`);

  const period = periodOf(activation, spec);
  const x = draw(() => random.normal() * 2 ** random.uniform(-2, 2.5));
  const finite = finiteOnly || !placeSpecials(x, activation, direction, format);
  const data: CallData = {
    x: format.fromNumbers(repeated(x, elementCount(spec.shape))),
    ...readStates(activation, spec, format, random),
    ...(direction === 'vjp' && {
      upstream: {
        y: format.fromNumbers(
          joinParts(
            activation.forward.y.map(() => repeated(upstreamOf(period), elementCount(spec.shape))),
            spec,
          ),
        ),
        ...(activation.forward.penalty && { penalty: 0.75 }),
      },
    }),
  };
  const question: Question = { activation, direction, spec, format, data };
  let prepared: PreparedAnswers | null = null;
  const answersFor = (owes: Owed): Answers => {
    prepared ??= prepareAnswers(
      question,
      { count: sample, pick: createRandom(seed, `sample of ${activation.name}`).integer },
      { only: (kind) => !(ignoreState && kind === 'state') },
    );
    return prepared(owes);
  };

  return {
    data,
    finite,
    check: (result, { owed = options.owed ?? 'B', supports = options.supports ?? allClaims } = {}) => {
      const owes: Owed = { grade: owed, claims: supports, sumDepth: supports.sumDepth };
      const tally = new Tally();
      const faults = compare(question, answersFor(owes), result, owes, tally);
      const field = result[direction === 'forward' ? 'y' : 'x'];
      if (field && faults.length === 0) {
        const numbers = format.toNumbers(field);
        for (const part of direction === 'forward' ? splitParts(numbers, activation, spec) : [numbers]) {
          const stray = firstStray(part, finite);
          if (stray !== null) faults.push(stray);
        }
      }
      if (!reaches(tally.grade, owed)) faults.push(describeWorst(tally));
      if (tally.values === 0 && faults.length === 0) faults.push('nothing was compared');
      return {
        grade: faults.length > 0 && reaches(tally.grade, owed) ? 'fail' : tally.grade,
        passed: faults.length === 0,
        worst: tally.worst,
        maxUlp: tally.maxUlp,
        values: tally.values,
        ...(faults.length > 0 && { reason: faults.join('; ') }),
      };
    },
  };

  /** Mostly of one sign, so that sums over elements are large, and an error in them shows. */
  function upstreamOf(count: number): Float64Array {
    return moderateUpstream(count, random).map((value) => (random.integer(4) ? Math.abs(value) : value));
  }

  /** One period of numbers. */
  function draw(number: () => number): Float64Array {
    return Float64Array.from({ length: period }, () => format.round(number()));
  }

  /**
   * Looks at every element: each must be what its image in the first period is, nearly. Of these, the judged sample
   * has its share; an element that was not written, or not by the right lane, is found wherever it lies.
   */
  function firstStray(values: Float64Array, allFinite: boolean): string | null {
    for (let index = 0; index < values.length; index++) {
      const [value, image] = [values[index] as number, values[index % period] as number];
      if (allFinite && !Number.isFinite(value)) return `element ${index} must be finite (was ${value})`;
      if (value === image || (Number.isNaN(value) && Number.isNaN(image))) continue;
      const allowed =
        2 ** -12 * (Math.abs(value) + Math.abs(image)) + 2 ** -18 * Math.max(1, Math.abs(x[index % period] as number));
      if (!(Math.abs(value - image) <= allowed)) {
        return `element ${index} must be what element ${index % period} is, ${image} (was ${value})`;
      }
    }
    return null;
  }
}

/** Drawing a million numbers takes longer than judging them, so they repeat. */
const longestPeriod = 65_521;

/**
 * The data repeats after some slices along axis 0: then every statistic, whatever its extent, repeats with it, since
 * groups either span axis 0 or are whole repetitions of one another. Where no group is a part of the tensor, any
 * period does. There are two periods at least, so that each element has an image.
 */
function periodOf(activation: Activation, spec: TensorSpec): number {
  const length = elementCount(spec.shape);
  const whole = extentsOf(activation).every((extent) => groupsOfExtent(extent, spec).count === 1);
  const slice = whole ? 1 : elementCount(spec.shape.slice(1));
  const slices = Math.floor(Math.min(longestPeriod, length / 2) / Math.max(slice, 1));
  // an odd number, lest the period be one of the device's own powers of two
  const odd = slices % 2 ? slices : slices - 1;
  return odd > 0 ? slice * odd : Math.min(length, Math.max(slice, 1));
}

function repeated(values: Float64Array, length: number): Float64Array {
  const all = new Float64Array(length);
  for (let at = 0; at < length; at += values.length) all.set(values.subarray(0, length - at), at);
  return all;
}

/** Infinities, NaN and the like, where they spoil no sum over elements. Whether any was placed. */
function placeSpecials(x: Float64Array, activation: Activation, direction: Direction, format: Format): boolean {
  const sums = extentsOf(activation).length > 0 || (direction === 'vjp' && activation.trainable.length > 0);
  if (sums || x.length < 64) return false;
  const { smallestNormal, smallestSubnormal, largest } = format;
  const infinity = Number.POSITIVE_INFINITY;
  const specials = [
    0,
    -0,
    Number.NaN,
    infinity,
    -infinity,
    smallestNormal,
    smallestSubnormal,
    -smallestSubnormal,
    largest,
    -largest,
  ];
  // at the start, which is part of every sample
  for (const [k, special] of specials.entries()) x[3 * k + 1] = special;
  return true;
}

/** Compiles, calls and judges once. A subject that throws or hangs does not pass. */
export async function checkCompiled(
  backend: ActivationBackend,
  activation: Activation,
  spec: TensorSpec,
  direction: Direction,
  options: GateOptions & { readonly timeLimit?: number } = {},
): Promise<GateResult> {
  const { timeLimit = 20_000, ...rest } = options;
  const gate = createGate(activation, spec, direction, { supports: backend.supports, ...rest });
  try {
    const result = await withinLimit(once(), timeLimit, `${activation.name} ${direction}`);
    return gate.check(result);
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { grade: 'fail', passed: false, worst: null, maxUlp: Number.POSITIVE_INFINITY, values: 0, reason };
  }

  async function once(): Promise<CallResult> {
    const compiled = await backend.compile(activation, spec);
    try {
      return await invoke(compiled, direction, gate.data);
    } finally {
      compiled.dispose();
    }
  }
}
