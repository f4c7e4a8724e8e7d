/** Functions as float32 arithmetic, for targets that compute them badly. */

export { type ConditionedFunction, conditionedLibrary, decay } from './conditioned.ts';
export { erfcOfRoundedSquare } from './error-function.ts';
export type { Split } from './exponential.ts';
export { float32Library } from './library.ts';
export { countOperations, type OperationCount, planOperations } from './operations.ts';
export { type RangedFunction, rangedLibrary } from './ranged.ts';
export { splitLibrary } from './splits.ts';
export { float64Library } from './wide.ts';
