/** The judgement of many values: the worst of them, and how their errors are distributed. */
import { type ReportedNumber, reported } from './report.ts';
import { type Grade, type Judgement, worse } from './tolerance.ts';

/** The value that used most of its bound, as a report shows it. */
export interface WorstValue {
  readonly output: string;
  readonly index: number;
  /** The element's input, where the output is a field. */
  readonly x: string | null;
  readonly xBits: string | null;
  readonly got: string;
  readonly gotBits: string;
  readonly expected: string;
  readonly ulps: number;
  readonly share: number;
}

/** Buckets of a sixteenth of an octave, from 2^-8 ulp to 2^120. */
const [bucketsPerOctave, lowestOctave, octaves] = [16, -8, 128];
const [leastUlps, mostUlps] = [2 ** lowestOctave, 2 ** 119];

function bucketOf(ulps: number): number {
  if (ulps <= leastUlps) return 0;
  return Math.floor((Math.log2(Math.min(ulps, mostUlps)) - lowestOctave) * bucketsPerOctave);
}

/** A tally as JSON, for runs that are taken up again. */
export interface TallySnapshot {
  readonly grade: Grade;
  readonly values: number;
  readonly maxUlp: ReportedNumber;
  readonly share: ReportedNumber;
  readonly worst: WorstValue | null;
  readonly buckets: readonly number[];
}

export class Tally {
  grade: Grade = 'exact';
  values = 0;
  maxUlp = 0;
  share = 0;
  worst: WorstValue | null = null;
  private readonly buckets = new Float64Array(bucketsPerOctave * octaves);
  /** No bucket from here on was counted in: most tallies are of a few values, which are nearly right. */
  private end = 0;

  /** `describe` is called for the worst values alone. */
  add(judgement: Judgement, describe: () => WorstValue): void {
    this.values++;
    this.grade = worse(this.grade, judgement.grade);
    this.maxUlp = Math.max(this.maxUlp, judgement.ulps);
    this.count(bucketOf(judgement.ulps), 1);
    if (judgement.share > this.share || (this.worst === null && judgement.share > 0)) {
      this.share = judgement.share;
      this.worst = describe();
    }
  }

  /** Counts values that are known to be within grade A, by their error in ulp. */
  addAccurate(ulps: number): void {
    this.values++;
    if (ulps > 0) this.grade = worse(this.grade, 'A');
    this.maxUlp = Math.max(this.maxUlp, ulps);
    this.count(bucketOf(ulps), 1);
  }

  merge(other: Tally): void {
    this.values += other.values;
    this.grade = worse(this.grade, other.grade);
    this.maxUlp = Math.max(this.maxUlp, other.maxUlp);
    if (other.share > this.share || this.worst === null) {
      this.share = Math.max(this.share, other.share);
      this.worst = other.worst ?? this.worst;
    }
    for (let bucket = 0; bucket < other.end; bucket++) this.count(bucket, other.buckets[bucket] as number);
  }

  private count(bucket: number, values: number): void {
    this.buckets[bucket] = (this.buckets[bucket] as number) + values;
    if (bucket >= this.end) this.end = bucket + 1;
  }

  snapshot(): TallySnapshot {
    const { grade, values, maxUlp, share, worst } = this;
    return { grade, values, maxUlp: reported(maxUlp), share: reported(share), worst, buckets: [...this.buckets] };
  }

  static restore({ grade, values, maxUlp, share, worst, buckets }: TallySnapshot): Tally {
    const tally = new Tally();
    Object.assign(tally, { grade, values, maxUlp: Number(maxUlp), share: Number(share), worst });
    for (const [bucket, count] of buckets.entries()) if (count > 0) tally.count(bucket, count);
    return tally;
  }

  /** The error that this part of the values stay below, to a sixteenth of an octave; 0 below 2^-8 ulp. */
  quantile(part: number): number {
    let remaining = Math.ceil(part * this.values);
    for (let bucket = 0; bucket < this.buckets.length; bucket++) {
      remaining -= this.buckets[bucket] as number;
      if (remaining <= 0) {
        if (bucket === 0) return 0;
        return bucket === (119 - lowestOctave) * bucketsPerOctave
          ? Number.POSITIVE_INFINITY
          : 2 ** ((bucket + 1) / bucketsPerOctave + lowestOctave);
      }
    }
    return this.maxUlp;
  }
}
