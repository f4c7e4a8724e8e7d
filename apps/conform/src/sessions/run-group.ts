/** The run of one activation, inside the process or page that holds the backend. */
import { runConformance, type SubjectReport } from '@isoact/core/conformance';
import type { LoadedGroup } from '../subjects/subject.ts';
import type { RunRequest } from './session.ts';

export async function runActivation(
  { backend, expected, owed, finite }: LoadedGroup,
  { activation, subject, options }: RunRequest,
  onCase: (id: string) => void,
): Promise<SubjectReport> {
  const report = await runConformance(backend, {
    ...options,
    owed: owed ?? options.owed,
    finite,
    activations: [activation],
    // entries are written for whole backends, and those of other activations are not stale here
    expected,
    onCase,
  });
  return { ...report, name: subject };
}
