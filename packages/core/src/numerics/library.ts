/**
 * The float32 library: each function's body, over `argument()`, in arithmetic that every target has. All are within 2 ulp
 * of the truth for each of the 2^32 arguments; see ACCURACY.md for what each reaches, and under which arithmetic.
 */
import type { Expression, FunctionName } from '../expression/node.ts';
import { errorFunctionFamily } from './error-function.ts';
import { exponentialFamily } from './exponential.ts';
import { logarithmFamily } from './logarithm.ts';
import { trigonometricFamily } from './trigonometric.ts';

export const float32Library: Readonly<Record<FunctionName, Expression>> = {
  ...exponentialFamily,
  ...logarithmFamily,
  ...trigonometricFamily,
  ...errorFunctionFamily,
};
