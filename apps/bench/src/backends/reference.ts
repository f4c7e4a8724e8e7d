/** Core's float64 interpreter as a contender: what exactness costs without any code generation. */
import { createReferenceBackend } from '@isoact/core';
import { sequentialTarget } from '@isoact/core/plan';
import type { DeviceSummary, Found } from '../core/candidate.ts';
import { openHostDoor } from './host-door.ts';
import { memoryCopy } from './memory-copy.ts';
import { plannedCost } from './planned-cost.ts';

/** @param cpu the device that plain JavaScript runs on. */
export async function findReference(cpu: DeviceSummary): Promise<Found> {
  const backend = createReferenceBackend();
  return {
    contenders: [
      {
        subject: 'reference',
        kind: 'ours',
        device: cpu,
        grade: 'B',
        claims: backend.supports,
        dtypes: backend.supports.dtypes,
        backend,
        offers: () => true,
        open: (question) => openHostDoor(backend, question, plannedCost(question, sequentialTarget)),
      },
    ],
    copies: [memoryCopy(cpu)],
    missing: [],
    close: () => backend.dispose(),
  };
}
