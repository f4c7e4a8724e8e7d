/** TensorFlow.js on each of its backends: our adapter and the composed peers. */
import type { ActivationBackend } from '@isoact/core';
import { sequentialTarget } from '@isoact/core';
import type { Contender, DeviceSummary, Found, Missing } from '../core/candidate.ts';
import { messageOf } from './failure.ts';
import { openHostDoor } from './host-door.ts';
import { plannedCost } from './planned-cost.ts';
import { tfjsPeer } from './tfjs-peers.ts';
import { deviceOf, loadTfjsBackend, type TfjsBackend, useTfjsBackend } from './tfjs-runtime.ts';

const names: readonly TfjsBackend[] = ['cpu', 'wasm', 'webgpu'];

/** @param gpu the device that Dawn found, or null. */
export async function findTfjs(cpu: DeviceSummary, gpu: DeviceSummary | null): Promise<Found> {
  const contenders: Contender[] = [];
  const missing: Missing[] = [];
  const backends: ActivationBackend[] = [];
  for (const name of names) {
    const device = deviceOf(name, cpu, gpu);
    try {
      if (name === 'webgpu' && !gpu) throw new Error('no WebGPU adapter on this machine');
      await loadTfjsBackend(name);
      contenders.push(tfjsPeer(name, device));
    } catch (error) {
      missing.push({ subject: `tfjs-${name}`, reason: messageOf(error) });
      continue;
    }
    try {
      const { createBackend } = await import('@isoact/tfjs');
      const backend = await createBackend({ backend: name });
      backends.push(backend);
      contenders.push(ours(name, backend, device));
    } catch (error) {
      missing.push({ subject: `tfjs-${name}`, reason: messageOf(error) });
    }
  }
  return {
    contenders,
    copies: [],
    missing,
    close: async () => {
      for (const backend of backends) await backend.dispose();
    },
  };
}

const ours = (name: TfjsBackend, backend: ActivationBackend, device: DeviceSummary): Contender => ({
  subject: `tfjs-${name}`,
  kind: 'ours',
  device,
  grade: 'B',
  offers: () => true,
  open: async (question) => {
    await useTfjsBackend(name);
    const candidate = await openHostDoor(backend, question, plannedCost(question, sequentialTarget));
    return { ...candidate, enter: () => useTfjsBackend(name) };
  },
});
