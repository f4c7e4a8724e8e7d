/** How much arithmetic a question is, whoever answers it, so that a roof made of it is never too low. */
import { planOperations } from '@isoact/core/numerics';
import { plan, sequentialTarget } from '@isoact/core/plan';
import type { BenchCase } from './candidate.ts';
import { specOf } from './case-data.ts';

/** Operations of one call. */
export const operationsOf = (question: BenchCase): number =>
  planOperations(plan(question.activation, specOf(question), question.direction, sequentialTarget));
