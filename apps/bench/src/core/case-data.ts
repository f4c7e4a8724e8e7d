/** Sizes of a case. */
import { elementCount } from '@isoact/core';
import type { BenchCase } from './candidate.ts';

export const lengthOf = (question: BenchCase): number => elementCount(question.shape);
