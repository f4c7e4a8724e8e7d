/** Raw WebGPU: our adapter on one device, and that device's copy kernel. */
import type { DeviceSummary, Found } from '../core/candidate.ts';
import { messageOf } from './failure.ts';
import type { OpenGpu } from './gpu.ts';
import { gpuArithmetic } from './gpu-arithmetic.ts';
import { gpuCopy } from './gpu-copy.ts';
import { openKernel } from './webgpu-kernel.ts';

export interface FoundGpu extends Found {
  readonly gpu: DeviceSummary | null;
}

/** @param open how this environment gets a device. */
export async function findWebgpu(open: () => Promise<OpenGpu>): Promise<FoundGpu> {
  let opened: OpenGpu;
  try {
    opened = await open();
  } catch (error) {
    const missing = [{ subject: 'webgpu', reason: messageOf(error) }];
    return { gpu: null, contenders: [], copies: [], missing, close: async () => {} };
  }
  const common = { gpu: opened.summary, copies: [gpuCopy(opened)], peaks: [gpuArithmetic(opened)], lost: opened.lost };
  try {
    const { createBackend, createKernel } = await import('@isoact/webgpu');
    const backend = await createBackend({ device: opened.device });
    return {
      ...common,
      contenders: [
        {
          subject: 'webgpu',
          kind: 'ours',
          device: opened.summary,
          grade: 'B',
          claims: backend.supports,
          dtypes: backend.supports.dtypes,
          backend,
          offers: () => true,
          open: (question) => openKernel(createKernel, opened, question),
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
