/** What a call costs by core's plan: the counts that a fused kernel is built to. */
import { elementCount, type Target } from '@isoact/core';
import { plan } from '@isoact/core/plan';
import type { BenchCase, Cost } from '../core/candidate.ts';

const bytesPerValue = { float32: 4 } as const;

export function plannedCost({ activation, direction, shape, dtype }: BenchCase, target: Target): Cost {
  const { passes, valuesRead, valuesWritten } = plan(activation, { shape, dtype }, direction, target);
  return {
    passes: passes.length,
    bytes: (valuesRead + valuesWritten) * elementCount(shape) * bytesPerValue[dtype],
  };
}
