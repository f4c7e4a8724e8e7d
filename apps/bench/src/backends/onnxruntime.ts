/** ONNX Runtime on each provider: our graphs and those that an exporter would give. */
import { type ActivationBackend, sequentialTarget } from '@isoact/core';
import type { Contender, DeviceSummary, Found, Missing } from '../core/candidate.ts';
import { lengthOf } from '../core/case-data.ts';
import { composedOnnx, hasComposedOnnx } from '../peers/onnx-composed.ts';
import { messageOf } from './failure.ts';
import { openHostDoor } from './host-door.ts';
import type { Provider } from './onnx-session.ts';
import { plannedCost } from './planned-cost.ts';

/** What the benchmark uses of `@isoact/onnxruntime`. */
interface Adapter {
  createBackend(options: { provider: Provider }): Promise<ActivationBackend>;
}

const providers: readonly Provider[] = ['cpu', 'webgpu'];

/** @param gpu the device that WebGPU has here, or null. */
export async function findOnnxruntime(cpu: DeviceSummary, gpu: DeviceSummary | null): Promise<Found> {
  const contenders: Contender[] = [];
  const missing: Missing[] = [];
  const backends: ActivationBackend[] = [];
  for (const provider of providers) {
    const device = provider === 'webgpu' ? gpu : cpu;
    const subject = `onnxruntime-${provider}`;
    try {
      if (!device) throw new Error('needs a WebGPU adapter (there is none)');
      await import('onnxruntime-node');
      contenders.push(composed(provider, device));
      const { createBackend } = (await import('@isoact/onnxruntime')) as unknown as Adapter;
      const backend = await createBackend({ provider });
      backends.push(backend);
      contenders.push({
        subject,
        kind: 'ours',
        device,
        grade: 'D',
        offers: () => true,
        open: (question) => openHostDoor(backend, question, plannedCost(question, sequentialTarget)),
      });
    } catch (error) {
      missing.push({ subject, reason: messageOf(error) });
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

const composed = (provider: Provider, device: DeviceSummary): Contender => ({
  subject: `onnxruntime-${provider} composed`,
  kind: 'peer',
  device,
  grade: 'D',
  offers: ({ activation }) => hasComposedOnnx(activation.name),
  open: async (question) => {
    const { openOnnx } = await import('./onnx-session.ts');
    const { activation, direction, shape } = question;
    const { bytes, passes, valuesMoved } = composedOnnx(activation.name, direction, shape);
    const trained = direction === 'vjp' ? activation.trainable : [];
    const names = {
      primary: direction === 'forward' ? 'y' : 'x_gradient',
      parameters: Object.fromEntries(trained.map((name) => [name, name])),
    };
    const cost = { passes, bytes: 4 * lengthOf(question) * valuesMoved };
    return openOnnx(bytes, names, provider, question, cost);
  },
});
