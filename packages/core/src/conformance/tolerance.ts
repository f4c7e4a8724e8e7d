/** Grades, and the judgement of one value. */
import type { Format } from './formats.ts';
import type { Expected, ExpectedOutput } from './oracle/expected.ts';

/** From best to worst. */
export const grades = ['exact', 'A', 'B', 'D', 'fail'] as const;
export type Grade = (typeof grades)[number];
/** A grade that a subject can owe. */
export type OwedGrade = Exclude<Grade, 'fail'>;

export const worse = (first: Grade, second: Grade): Grade =>
  grades.indexOf(first) > grades.indexOf(second) ? first : second;
export const reaches = (grade: Grade, owed: Grade): boolean => grades.indexOf(grade) <= grades.indexOf(owed);

/** Multiples of ulp(T), of u·|x·∂F/∂x| and of u·max(1,|x|)·max(|upstream|, 2^-126). */
export const allowances: Readonly<
  Record<'A' | 'B' | 'D', { readonly a: number; readonly b: number; readonly c: number }>
> = {
  A: { a: 2, b: 0, c: 0 },
  B: { a: 5, b: 2, c: 0 },
  D: { a: 4, b: 2, c: 12 },
};

export interface Claims {
  readonly nan: 'propagate' | 'any';
  readonly signedZero: 'strict' | 'any';
  readonly subnormals: 'keep' | 'any';
}

export interface Judgement {
  readonly grade: Grade;
  /** Distance from the oracle's value in units of its own last place; infinite where one of both is not finite. */
  readonly ulps: number;
  /** The part of the owed bound that was used; above 1 is a failure. */
  readonly share: number;
}

const perfect: Judgement = { grade: 'exact', ulps: 0, share: 0 };
const wrong: Judgement = { grade: 'fail', ulps: Number.POSITIVE_INFINITY, share: Number.POSITIVE_INFINITY };

/** Anything that is not finite grants nothing. */
const granted = (value: number): number => (Number.isFinite(value) ? value : 0);

/** The tolerance of the value at an index, for one grade. */
export function toleranceAt(
  expected: Expected,
  index: number,
  grade: OwedGrade,
  format: Format,
  claims: Claims,
): number {
  if (grade === 'exact') return 0;
  const { a, b, c } = allowances[grade];
  const at = (name: keyof Expected): number => granted(expected[name][index] as number);
  const { unit } = format;
  const flushed = claims.subnormals === 'any' ? 2 ** -126 * at('floor') : 0;
  return (
    a * format.ulp(at('magnitude')) +
    unit * (a * at('a') + b * at('b') + c * at('c') + at('k')) +
    flushed +
    format.storageError(at('value'))
  );
}

/** Judges one value; `owed` is the grade whose bound the share is measured against. */
export function judge(
  output: ExpectedOutput,
  index: number,
  got: number,
  owed: OwedGrade,
  format: Format,
  claims: Claims,
): Judgement {
  const main = judgeAgainst(output.expected, index, got, owed, format, claims);
  if (main.share <= 1 && reaches(main.grade, owed)) return main;
  let best = main;
  for (const { because, expected, sway } of output.alternatives) {
    // that anything is right where NaN is would be true of anything where a sum may overflow, too
    const other = judgeAgainst(expected, index, got, owed, format, { ...claims, nan: 'propagate' });
    if (reaches(other.grade, best.grade)) best = other;
    if (because !== 'comparison' || output.kind === 'field') continue;
    const sums = [output.expected.value, expected.value, ...(sway ? [sway.least, sway.greatest] : [])];
    const ends = sums.map((values) => values[index] as number);
    const room = sway ? toleranceAt(output.expected, index, owed, format, claims) : 0;
    // a sum of elements that may each go either way lies between
    if (got >= Math.min(...ends) - room && got <= Math.max(...ends) + room) best = { ...perfect, grade: 'B' };
  }
  return best;
}

function judgeAgainst(
  expected: Expected,
  index: number,
  got: number,
  owed: OwedGrade,
  format: Format,
  claims: Claims,
): Judgement {
  const value = expected.value[index] as number;
  if (Number.isNaN(value)) return Number.isNaN(got) || claims.nan === 'any' ? perfect : wrong;
  if (Number.isNaN(got)) return wrong;
  const rounded = format.round(value);
  // a penalty is a number, and need not be rounded
  if (got === rounded || got === value) {
    const signsDiffer = got === 0 && claims.signedZero === 'strict' && Object.is(got, -0) !== Object.is(rounded, -0);
    return signsDiffer ? wrong : perfect;
  }
  if (!Number.isFinite(value)) return wrong;
  // a result beyond the range is at least as far off as the least number that rounds there
  const reached = Number.isFinite(got) ? got : Math.sign(got) * format.overflow;
  const error = Math.abs(reached - value);
  const bound = (grade: OwedGrade): number => toleranceAt(expected, index, grade, format, claims);
  const grade = (['A', 'B', 'D'] as const).find((candidate) => error <= bound(candidate)) ?? 'fail';
  return {
    grade,
    ulps: Number.isFinite(got) ? error / ulpOf(value, format) : Number.POSITIVE_INFINITY,
    share: error / bound(owed),
  };
}

const ulpOf = (value: number, format: Format): number => Math.max(format.ulp(value), 2 * format.storageError(value));
