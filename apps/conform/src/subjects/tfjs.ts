/** The backends of tfjs, as Node and browsers load them. */
import { type BackendName, createBackend, expectedFailures } from '@isoact/tfjs';
import { setBackend } from '@tensorflow/tfjs-core';
import type { LoadedGroup } from './subject.ts';

/** @throws where tfjs lacks the backend here. */
export async function loadTfjs(backend: BackendName): Promise<LoadedGroup> {
  return { backend: await createBackend({ backend }), expected: expectedFailures, enter: () => setBackend(backend) };
}
