/** ONNX Runtime on each provider: our graphs and those that an exporter would give. */
import type { ActivationBackend } from '@isoact/core';
import type { Provider, Runtime } from '@isoact/onnxruntime';
import type { BenchCase, Contender, DeviceSummary, Found, Missing } from '../core/candidate.ts';
import { lengthOf } from '../core/case-data.ts';
import { composedOnnx, hasComposedOnnx } from '../peers/onnx-composed.ts';
import { type Precision, throughout } from '../peers/onnx-graph.ts';
import { hasNativeOnnx, nativeOnnx } from '../peers/onnx-native.ts';
import { messageOf } from './failure.ts';
import { graphCost } from './onnx-traffic.ts';

/**
 * @param load imports the build of the package that this environment has for a provider.
 * @param gpu the device that WebGPU has here, or null.
 */
export async function findOnnxruntime(
  providers: readonly Provider[],
  load: (provider: Provider) => Promise<Runtime>,
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
      const runtime = await load(provider);
      const { createBackend } = await import('@isoact/onnxruntime');
      const backend = await createBackend({ provider, runtime });
      backends.push(backend);
      contenders.push(...peersOf({ runtime, provider, device, dtypes: backend.supports.dtypes }));
      contenders.push({
        subject,
        kind: 'ours',
        device,
        grade: 'D',
        claims: backend.supports,
        dtypes: backend.supports.dtypes,
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

interface Place {
  readonly runtime: Runtime;
  readonly provider: Provider;
  readonly device: DeviceSummary;
  readonly dtypes: Contender['dtypes'];
}

const peersOf = (place: Place): Contender[] => [
  composed(place, 'composed', ({ dtype }) => throughout(dtype)),
  // What float16 alone is too coarse for, its users compute in float32.
  {
    ...composed(place, 'mixed', ({ dtype }) => ({ storage: dtype, arithmetic: 'float32' })),
    offers: ({ name, dtype }) => dtype === 'float16' && hasComposedOnnx(name),
  },
  native(place),
];

const composed = (
  { runtime, provider, device, dtypes }: Place,
  form: string,
  precisionOf: (question: BenchCase) => Precision,
): Contender => ({
  subject: `onnxruntime-${provider} ${form}`,
  kind: 'peer',
  device,
  grade: 'D',
  dtypes,
  offers: ({ name }) => hasComposedOnnx(name),
  open: async (question) => {
    const { openOnnx } = await import('./onnx-session.ts');
    const { activation, direction, shape } = question;
    const bytes = composedOnnx(activation.name, direction, shape, precisionOf(question));
    const trained = direction === 'vjp' ? activation.trainable : [];
    const names = {
      primary: direction === 'forward' ? 'y' : 'x_gradient',
      parameters: Object.fromEntries(trained.map((name) => [name, name])),
    };
    const cost = graphCost(bytes, ['x', 'upstream'], lengthOf(question), provider);
    return openOnnx(runtime, bytes, names, provider, question, cost);
  },
});

/** ONNX has operators for some activations, and for the gradient of none. */
const native = ({ runtime, provider, device, dtypes }: Place): Contender => ({
  subject: `onnxruntime-${provider} native`,
  kind: 'peer',
  device,
  grade: 'D',
  dtypes,
  offers: ({ name, direction }) => direction === 'forward' && hasNativeOnnx(name),
  open: async (question) => {
    const { openOnnx } = await import('./onnx-session.ts');
    const bytes = nativeOnnx(question.activation.name, question.shape, question.dtype);
    const cost = graphCost(bytes, ['x'], lengthOf(question), provider);
    return openOnnx(runtime, bytes, { primary: 'y', parameters: {} }, provider, question, cost);
  },
});
