/** The report of a subject that reported nothing. */
import type { SubjectReport } from '@isoact/core/conformance';
import type { RunOptions } from './sessions/session.ts';

export const emptyReport = (name: string, { quick, owed = 'B', seed = 0 }: RunOptions): SubjectReport => ({
  name,
  device: { vendor: '', architecture: '', description: 'unknown', software: false },
  supports: { dtypes: [], nan: 'any', signedZero: 'any', subnormals: 'any', gradients: false, sumDepth: {} },
  claims: [],
  owed,
  seed,
  quick,
  casesHash: '',
  elapsedMs: 0,
  totals: { cases: 0, passed: 0, failed: 0, expectedFailures: 0, unsupported: 0, values: 0 },
  results: [],
  failures: [],
  expectations: [],
  unexpectedPasses: [],
  verdicts: [],
  passed: false,
});
