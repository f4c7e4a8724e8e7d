/** The conformance suite: what "the same on every backend" means, for the adapters here and for anyone's backend. */

export type { CallData, CallResult, GroupName } from './case.ts';
export { groupNames } from './case.ts';
export { type CheckedChunk, checkEveryFloat, chunkCount, chunkLength, type ExhaustiveOptions } from './exhaustive.ts';
export type { ExpectedFailure } from './expected-failures.ts';
export { checkCompiled, createGate, type Gate, type GateOptions, type GateResult } from './gate.ts';
export { conformance, type InjectedOptions } from './injected.ts';
export { reportMarkdown } from './markdown.ts';
export { type Mutant, mutants } from './mutants/index.ts';
export { type KillMatrix, type Kills, killMatrix } from './mutants/kill-matrix.ts';
export type { Direction } from './oracle/oracle.ts';
export * from './report.ts';
export { type ConformanceOptions, defaultSeed, type Progress, runConformance } from './run.ts';
export type { AnyDefinition } from './subjects.ts';
export { Tally, type TallySnapshot, type WorstValue } from './tally.ts';
export { allowances, type Grade, grades, type OwedGrade } from './tolerance.ts';
