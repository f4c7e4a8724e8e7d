/** The questions of a run. */
import { adaRelu, gelu, velu } from '@isoact/core';
import type { Effort } from '../core/budget.ts';
import type { BenchCase } from '../core/candidate.ts';

/** Rows of 1024, the width of a layer; a software GPU and the tfjs cpu backend must be able to finish in time. */
const shapes = { quick: [32, 1024], full: [256, 1024] } as const;

export const casesFor = (effort: Effort): BenchCase[] =>
  [velu(), adaRelu(), gelu()].flatMap((activation) =>
    (['forward', 'vjp'] as const).map((direction) => ({
      activation,
      direction,
      shape: shapes[effort.name],
      dtype: 'float32' as const,
    })),
  );
