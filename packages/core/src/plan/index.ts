/** For those who generate code: plans, what they are made of, and every function on float64 numbers. */
export { float64Functions, float64Operators } from '../expression/by-name.ts';
export * from '../graph/analysis.ts';
export * from '../graph/grouping.ts';
export * from '../graph/variation.ts';
export { checkSeed } from '../noise.ts';
export * from './plan.ts';
export * from './target.ts';
