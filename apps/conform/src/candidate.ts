/** A backend that can be asked for outside of a run of the suite. */
import type { ActivationBackend } from '@isoact/core';
import type { ProgressLine } from './progress.ts';
import type { LoadedGroup } from './subjects/subject.ts';

export interface Candidate {
  readonly name: string;
  readonly load: () => Promise<Pick<LoadedGroup, 'backend'>>;
}

/** Its backend, or null, with a line that says why, where the machine lacks it. */
export async function openCandidate(
  { name, load }: Candidate,
  progress: ProgressLine,
): Promise<ActivationBackend | null> {
  try {
    return (await load()).backend;
  } catch (error) {
    progress.print(`${name}: unavailable (${error instanceof Error ? error.message.split('\n')[0] : error})`);
    return null;
  }
}
