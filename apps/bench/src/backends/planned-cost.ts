/** What a call costs by core's plan: the counts that a fused kernel is built to. */
import type { Target } from '@isoact/core';
import { plan } from '@isoact/core/plan';
import type { BenchCase, Cost } from '../core/candidate.ts';
import { bytesOf, lengthOf, specOf } from '../core/case-data.ts';

export function plannedCost(question: BenchCase, target: Target): Cost {
  const { activation, direction } = question;
  const { passes, valuesRead, valuesWritten } = plan(activation, specOf(question), direction, target);
  return {
    passes: passes.length,
    bytes: bytesOf(question, (valuesRead + valuesWritten) * lengthOf(question)),
  };
}
