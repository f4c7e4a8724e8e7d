/** Where frameworks' own functions miss grade D on finite numbers, each with its reason and bound. */
import type { ExpectedFailure } from '@isoact/core/conformance';

const entries: readonly ExpectedFailure[] = [];

export const expectedOfBuiltins = (backend: string): readonly ExpectedFailure[] =>
  entries.filter(({ when }) => when?.backend === undefined || when.backend === backend);
