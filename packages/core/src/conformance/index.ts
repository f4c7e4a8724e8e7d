/**
 * The conformance suite: what "the same on every backend" means, for the adapters here and for anyone's backend.
 *
 * - {@link runConformance} runs it and gives a report; {@link reportMarkdown} makes that readable.
 * - {@link conformance} declares it as tests of vitest, node:test or mocha.
 * - {@link createGate} and {@link checkCompiled} ask whether one kernel is right on one configuration, quickly.
 * - {@link checkEveryFloat} goes through all 2^32 numbers, {@link killMatrix} through deliberately wrong backends.
 *
 * Inside: `cases/` says what is asked, `oracle/` what the answers are and how far off they may be (`oracle/bounds.ts` has
 * the tolerance), `probe.ts` runs one case, `run.ts` all of them. `golden/` holds values from outside of this package,
 * which the oracle itself is checked against.
 */

export type { CallData, CallResult, GroupName } from './case.ts';
export { groupNames } from './case.ts';
export { type CheckedChunk, checkEveryFloat, chunkCount, chunkLength, type ExhaustiveOptions } from './exhaustive.ts';
export type { ExpectedFailure } from './expected-failures.ts';
export { checkCompiled, createGate, type Debts, type Gate, type GateOptions, type GateResult } from './gate.ts';
export { conformance, type InjectedOptions } from './injected.ts';
export { reportMarkdown } from './markdown.ts';
export { mergeSubjects } from './merge.ts';
export { type Mutant, mutants } from './mutants/index.ts';
export { type KillMatrix, type Kills, killMatrix } from './mutants/kill-matrix.ts';
export type { Direction } from './oracle/oracle.ts';
export { ownDefinitions } from './own-definitions.ts';
export {
  type ActivationResult,
  type ClaimResult,
  type ConformanceReport,
  type Counts,
  conformanceReport,
  type ExpectationUse,
  type Failure,
  type MutantsReport,
  type ReportedCapabilities,
  type ReportedNumber,
  reportSchema,
  type SubjectReport,
} from './report.ts';
export { type ConformanceOptions, defaultSeed, type Progress, runConformance } from './run.ts';
export { createSharedAnswers, type SharedAnswers } from './shared-answers.ts';
export type { AnyDefinition } from './subjects.ts';
export { Tally, type TallySnapshot, type WorstValue } from './tally.ts';
export { allowances, type Grade, grades, type OwedGrade } from './tolerance.ts';
