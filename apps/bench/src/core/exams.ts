/** The exams of one case, each made once however many candidates take it: the answers cost more than the calls. */
import type { BenchCase, Contender } from './candidate.ts';
import { lengthOf } from './case-data.ts';
import { type Exam, makeExam, noClaims } from './gate.ts';

export interface Exams {
  /** What a contender must pass before it is timed: the whole range for ours, finite numbers for peers. */
  readonly entrance: (contender: Contender) => Exam;
  /** What is timed, the same numbers for all, judged by what the contender owes. */
  readonly timed: (contender: Contender) => Exam;
}

export function createExams(question: BenchCase): Exams {
  const made = new Map<string, Exam>();
  const exam = ({ grade, claims = noClaims }: Contender, finiteOnly: boolean): Exam => {
    const { nan, signedZero, subnormals, sumDepth } = claims;
    const key = [grade, nan, signedZero, subnormals, sumDepth(lengthOf(question)), finiteOnly].join();
    const known = made.get(key) ?? makeExam(question, grade, claims, finiteOnly);
    made.set(key, known);
    return known;
  };
  return {
    entrance: (contender) => exam(contender, contender.kind === 'peer'),
    timed: (contender) => exam(contender, true),
  };
}
