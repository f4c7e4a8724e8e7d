/** How much arithmetic a question is, whoever answers it, so that a roof made of it is never too low. */
import { planOperations } from '@isoact/core/numerics';
import { plan, sequentialTarget } from '@isoact/core/plan';
import type { BenchCase } from './candidate.ts';

/** Operations of one call. */
export const operationsOf = ({ activation, direction, shape, dtype }: BenchCase): number =>
  planOperations(plan(activation, { shape, dtype }, direction, sequentialTarget));
