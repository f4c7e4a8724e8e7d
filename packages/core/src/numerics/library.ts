import type { Expression, FunctionName } from '../expression/node.ts';
import { errorFunctionFamily } from './error-function.ts';
import { exponentialFamily } from './exponential.ts';
import { trigonometricFamily } from './trigonometric.ts';

export const float32Library: Partial<Record<FunctionName, Expression>> = {
  ...exponentialFamily,
  ...trigonometricFamily,
  ...errorFunctionFamily,
};
