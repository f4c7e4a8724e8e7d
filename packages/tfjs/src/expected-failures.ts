/** Where a backend of tfjs departs from what it owes, each with its reason and bound; none is known in Node. */
import type { ExpectedFailure } from '@isoact/core/conformance';

export const expectedFailures: readonly ExpectedFailure[] = [];
