/**
 * The quick gate: is this kernel right on the very configuration that is about to be timed?
 *
 * Statistics and gradients of parameters are computed exactly over all elements; single elements are judged on a
 * sample of them, the first and the last included, and every element must be finite where the data is.
 */
import type { ActivationBackend, Capabilities, TensorSpec } from '../adapter.ts';
import type { Activation } from '../definition.ts';
import { elementCount } from '../graph/geometry.ts';
import type { CallData, CallResult } from './case.ts';
import { extentsOf, moderateUpstream } from './cases/arrange.ts';
import { compareOutput, numbersOf, type Owed } from './compare.ts';
import { formats } from './formats.ts';
import { type Direction, type ExpectedOutput, expectedOutputs, outputLength } from './oracle/oracle.ts';
import { sampleElements } from './oracle/sample.ts';
import { describeWorst, invoke } from './probe.ts';
import { createRandom } from './random.ts';
import { defaultSeed } from './run.ts';
import { Tally, type WorstValue } from './tally.ts';
import { withinLimit } from './time-limit.ts';
import { type Grade, type OwedGrade, reaches } from './tolerance.ts';

export interface GateOptions {
  readonly seed?: number | undefined;
  /** Without infinities, NaN and subnormals, for peers that promise nothing there. */
  readonly finiteOnly?: boolean | undefined;
  /** Without the state that a forward leaves, for subjects that do not hand it out. */
  readonly ignoreState?: boolean | undefined;
  /** Elements to judge one by one. Default 4096. */
  readonly sample?: number | undefined;
  /** Default 'B'. */
  readonly owed?: OwedGrade | undefined;
  /** What the subject claims; everything unless given. */
  readonly supports?: Pick<Capabilities, 'nan' | 'signedZero' | 'subnormals' | 'sumDepth'> | undefined;
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
  /** Judges what it gave: y (and penalty), or x and the parameters by name. */
  check(result: CallResult): GateResult;
}

/** A full-range sum in pairs or blocks, as kernels owe it. */
const owedDepth = (n: number): number => 64 + Math.ceil(Math.log2(Math.max(n, 1)));
const allClaims = { nan: 'propagate', signedZero: 'any', subnormals: 'keep', sumDepth: owedDepth } as const;

/** Elements from which the tolerance of sums is estimated. */
const boundSample = 4096;

/** Makes data for a configuration and the answers to it, once for all the subjects that are to be compared. */
export function createGate(
  activation: Activation,
  spec: TensorSpec,
  direction: Direction,
  options: GateOptions = {},
): Gate {
  const {
    seed = defaultSeed,
    finiteOnly = false,
    ignoreState = false,
    sample = 4096,
    owed = 'B',
    supports = allClaims,
  } = options;
  const format = formats[spec.dtype];
  const random = createRandom(seed, `gate of ${activation.name}`);
  const length = elementCount(spec.shape);
  const judged: Owed = { grade: owed, claims: supports, sumDepth: supports.sumDepth };

  // drawing a million numbers takes longer than judging them; this period is prime, so no row repeats another
  const drawn = Float64Array.from({ length: Math.min(length, 65_521) }, () =>
    format.round(random.normal() * 2 ** random.uniform(-2, 2.5)),
  );
  const x = repeated(drawn, length);
  const special = finiteOnly ? [] : placeSpecials();
  const upstream = direction === 'vjp' ? repeated(moderateUpstream(Math.min(length, 65_519), random), length) : null;
  const data: CallData = {
    x: format.fromNumbers(x),
    ...(upstream && {
      upstream: { y: format.fromNumbers(upstream), ...(activation.forward.penalty && { penalty: 0.75 }) },
    }),
  };
  const numbers = numbersOf(activation, spec, format, data);

  const { at, over } = sampleElements(activation, direction, spec, sample, random.integer);
  const usual = { sumDepth: supports.sumDepth, unit: format.unit, flushes: supports.subnormals === 'any' };
  const boundsFrom =
    length > boundSample ? Uint32Array.from({ length: boundSample }, () => random.integer(length)) : undefined;
  const expected: ExpectedOutput[] = [
    ...expectedOutputs(activation, direction, spec, numbers, {
      ...usual,
      at,
      over,
      ...(over === undefined && { boundsFrom }),
      only: (kind) => kind === 'field',
    }),
    ...expectedOutputs(activation, direction, spec, numbers, {
      ...usual,
      boundsFrom,
      only: (kind) => kind !== 'field' && !(ignoreState && kind === 'state'),
    }),
  ];
  const finite = special.length === 0;

  return {
    data,
    check: (result) => {
      const tally = new Tally();
      const faults: string[] = [];
      for (const output of expected) {
        const values = result[output.name];
        if (values?.length !== outputLength(output, activation, spec)) {
          faults.push(
            `output ${output.name} must have ${outputLength(output, activation, spec)} values (had ${values?.length ?? 'none'})`,
          );
          continue;
        }
        const got = output.kind === 'penalty' ? Float64Array.from(values) : format.toNumbers(values);
        const { elements } = output;
        const chosen =
          output.kind === 'field' && elements ? Float64Array.from(elements, (index) => got[index] as number) : got;
        compareOutput(output, chosen, numbers, format, judged, tally);
        const lost = finite ? got.findIndex((value) => !Number.isFinite(value)) : -1;
        if (lost >= 0 && judged.claims.nan === 'propagate')
          faults.push(`${output.name}[${lost}] must be finite (was ${got[lost]})`);
      }
      if (!reaches(tally.grade, owed)) faults.push(describeWorst(tally));
      const grade = faults.length > 0 && reaches(tally.grade, owed) ? 'fail' : tally.grade;
      return {
        grade,
        passed: faults.length === 0 && tally.values > 0,
        worst: tally.worst,
        maxUlp: tally.maxUlp,
        values: tally.values,
        ...(faults.length > 0 && { reason: faults.join('; ') }),
        ...(tally.values === 0 && faults.length === 0 && { reason: 'nothing was compared' }),
      };
    },
  };

  /** Infinities, NaN and the like, where they spoil no statistic of the whole tensor. */
  function placeSpecials(): number[] {
    if (extentsOf(activation).length > 0 || length < 64) return [];
    const { smallestNormal, smallestSubnormal, largest } = format;
    const values = [
      0,
      -0,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      smallestNormal,
      smallestSubnormal,
      -smallestSubnormal,
      largest,
      -largest,
    ];
    const places = values.map((_, k) => Math.floor(((k + 0.5) * length) / values.length));
    // into the part of the sample that is judged
    const ends = Math.min(sample >> 2, length >> 1);
    values.forEach((value, k) => {
      x[(places[k] as number) % ends] = value;
    });
    return values;
  }
}

const repeated = (values: Float64Array, length: number): Float64Array =>
  Float64Array.from({ length }, (_, index) => values[index % values.length] as number);

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
