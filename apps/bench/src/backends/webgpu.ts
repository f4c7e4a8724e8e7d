/** Raw WebGPU: our adapter on Dawn's device, and that device's copy kernel. */
import { type ActivationBackend, gpuTarget } from '@isoact/core';
import type { DeviceSummary, Found } from '../core/candidate.ts';
import { type OpenGpu, openGpu } from './dawn.ts';
import { messageOf } from './failure.ts';
import { gpuCopy } from './gpu-copy.ts';
import { openHostDoor } from './host-door.ts';
import { plannedCost } from './planned-cost.ts';

/** What the benchmark uses of `@isoact/webgpu`. */
interface Adapter {
  createBackend(options: { device?: GPUDevice }): Promise<ActivationBackend>;
}

export interface FoundGpu extends Found {
  readonly gpu: DeviceSummary | null;
}

export async function findWebgpu(): Promise<FoundGpu> {
  let opened: OpenGpu;
  try {
    opened = await openGpu();
  } catch (error) {
    const missing = [{ subject: 'webgpu', reason: messageOf(error) }];
    return { gpu: null, contenders: [], copies: [], missing, close: async () => {} };
  }
  const common = { gpu: opened.summary, copies: [gpuCopy(opened)] };
  try {
    const adapter = (await import('@isoact/webgpu')) as unknown as Adapter;
    const backend = await adapter.createBackend({ device: opened.device });
    return {
      ...common,
      contenders: [
        {
          subject: 'webgpu',
          kind: 'ours',
          device: opened.summary,
          grade: 'B',
          offers: () => true,
          open: async (question) => {
            const candidate = await openHostDoor(backend, question, plannedCost(question, gpuTarget));
            return { ...candidate, errors: () => opened.errors };
          },
        },
      ],
      missing: [],
      close: async () => {
        await backend.dispose();
        opened.close();
      },
    };
  } catch (error) {
    const missing = [{ subject: 'webgpu', reason: messageOf(error) }];
    return { ...common, contenders: [], missing, close: async () => opened.close() };
  }
}
