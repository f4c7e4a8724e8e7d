/** ONNX Runtime on each provider: our graphs and those that an exporter would give. */
import type { ActivationBackend } from '@isoact/core';
import type { Provider, Runtime } from '@isoact/onnxruntime';
import type { Contender, DeviceSummary, Found, Missing } from '../core/candidate.ts';
import { lengthOf } from '../core/case-data.ts';
import { composedOnnx, hasComposedOnnx } from '../peers/onnx-composed.ts';
import { hasNativeOnnx, nativeOnnx } from '../peers/onnx-native.ts';
import { messageOf } from './failure.ts';
import { graphCost } from './onnx-traffic.ts';

/**
 * @param load imports the package for this environment.
 * @param gpu the device that WebGPU has here, or null.
 */
export async function findOnnxruntime(
  providers: readonly Provider[],
  load: () => Promise<Runtime>,
  cpu: DeviceSummary,
  gpu: DeviceSummary | null,
): Promise<Found> {
  const contenders: Contender[] = [];
  const missing: Missing[] = [];
  const backends: ActivationBackend[] = [];
  for (const provider of providers) {
    const device = provider === 'webgpu' ? gpu : cpu;
    const subject = `onnxruntime-${provider}`;
    try {
      if (!device) throw new Error('needs a WebGPU adapter (there is none)');
      const runtime = await load();
      contenders.push(composed(runtime, provider, device), native(runtime, provider, device));
      const { createBackend } = await import('@isoact/onnxruntime');
      const backend = await createBackend({ provider, runtime });
      backends.push(backend);
      contenders.push({
        subject,
        kind: 'ours',
        device,
        grade: 'D',
        claims: backend.supports,
        backend,
        offers: () => true,
        open: async (question) => (await import('./onnx-ours.ts')).openOurOnnx(runtime, provider, question),
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
      if (providers.includes('webgpu')) await (await import('./onnx-helpers.ts')).releaseHelpers();
      for (const backend of backends) await backend.dispose();
    },
  };
}

const composed = (runtime: Runtime, provider: Provider, device: DeviceSummary): Contender => ({
  subject: `onnxruntime-${provider} composed`,
  kind: 'peer',
  device,
  grade: 'D',
  offers: ({ name }) => hasComposedOnnx(name),
  open: async (question) => {
    const { openOnnx } = await import('./onnx-session.ts');
    const { activation, direction, shape } = question;
    const bytes = composedOnnx(activation.name, direction, shape);
    const trained = direction === 'vjp' ? activation.trainable : [];
    const names = {
      primary: direction === 'forward' ? 'y' : 'x_gradient',
      parameters: Object.fromEntries(trained.map((name) => [name, name])),
    };
    const cost = graphCost(bytes, ['x', 'upstream'], lengthOf(question));
    return openOnnx(runtime, bytes, names, provider, question, cost);
  },
});

/** ONNX has operators for some activations, and for the gradient of none. */
const native = (runtime: Runtime, provider: Provider, device: DeviceSummary): Contender => ({
  subject: `onnxruntime-${provider} native`,
  kind: 'peer',
  device,
  grade: 'D',
  offers: ({ name, direction }) => direction === 'forward' && hasNativeOnnx(name),
  open: async (question) => {
    const { openOnnx } = await import('./onnx-session.ts');
    const bytes = nativeOnnx(question.activation.name, question.shape);
    const cost = graphCost(bytes, ['x'], lengthOf(question));
    return openOnnx(runtime, bytes, { primary: 'y', parameters: {} }, provider, question, cost);
  },
});
