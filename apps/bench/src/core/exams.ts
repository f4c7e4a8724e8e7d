/** The exams of one case, each made once however many candidates take it: the answers cost more than the calls. */
import type { BenchCase, Contender } from './candidate.ts';
import { makeProbes, type Probes } from './departures.ts';
import { type Exam, examOf, makePaper, type Paper } from './gate.ts';

export interface Exams {
  /** What a contender must pass before it is timed: the whole range for ours, finite numbers for peers. */
  readonly entrance: (contender: Contender) => Exam;
  /** What is timed, the same numbers for all, judged by what the contender owes. */
  readonly timed: (contender: Contender) => Exam;
  /** What is asked of peers beside the exam. */
  readonly probes: () => Promise<Probes | null>;
}

export function createExams(question: BenchCase): Exams {
  let whole: Paper | undefined;
  let finite: Paper | undefined;
  let probes: Promise<Probes | null> | undefined;
  const wholeRange = (): Paper => {
    whole ??= makePaper(question, { finiteOnly: false });
    return whole;
  };
  const finiteNumbers = (): Paper => {
    // Where sums spoil the whole range, its numbers are finite, and need not be made twice.
    if (whole?.finite) return whole;
    finite ??= makePaper(question, { finiteOnly: true });
    return finite;
  };
  return {
    entrance: (contender) => examOf(contender.kind === 'peer' ? finiteNumbers() : wholeRange(), contender),
    timed: (contender) => examOf(finiteNumbers(), contender),
    probes: () => {
      probes ??= makeProbes(question, finiteNumbers().inputs);
      return probes;
    },
  };
}
