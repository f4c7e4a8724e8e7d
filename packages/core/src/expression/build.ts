/** Constructors of expressions. */

export { noise } from '../noise.ts';
export {
  abs,
  add,
  detach,
  div,
  floor,
  highPart,
  maximum,
  minimum,
  mul,
  neg,
  round,
  scaleByPowerOfTwo,
  sqrt,
  square,
  sub,
  vanishingProduct,
} from './arithmetic.ts';
export * from './functions.ts';
export { argument, constant, input, type Operand, parameter, size, state } from './leaves.ts';
export {
  both,
  either,
  equal,
  greater,
  greaterOrEqual,
  isNaN,
  less,
  lessOrEqual,
  not,
  select,
} from './predicates.ts';
export { count, mean, moments, sum } from './statistics.ts';
