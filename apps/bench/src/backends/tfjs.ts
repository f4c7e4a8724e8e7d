/** TensorFlow.js on each of its backends: our operations and the composed peers, on the same tensors. */
import type { ActivationBackend } from '@isoact/core';
import { gpuTarget, sequentialTarget } from '@isoact/core/plan';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { BenchCase, Candidate, Contender, DeviceSummary, Found, Missing } from '../core/candidate.ts';
import { composedActivations } from '../peers/tfjs-composed.ts';
import { messageOf } from './failure.ts';
import { plannedCost } from './planned-cost.ts';
import { loadTfjsBackend, type TfjsBackend, tfjs } from './tfjs-runtime.ts';
import { openTensors } from './tfjs-tensors.ts';

type Activate = typeof import('@isoact/tfjs').activate;

/** @param gpu the device that WebGPU has here, or null. */
export async function findTfjs(
  names: readonly TfjsBackend[],
  cpu: DeviceSummary,
  gpu: DeviceSummary | null,
): Promise<Found> {
  const contenders: Contender[] = [];
  const missing: Missing[] = [];
  const backends: ActivationBackend[] = [];
  for (const name of names) {
    const device = onGpu(name) ? gpu : cpu;
    try {
      if (!device) throw new Error('needs a GPU (there is none)');
      await loadTfjsBackend(name);
      contenders.push(composed(name, device));
      const { activate, createBackend } = await import('@isoact/tfjs');
      const backend = await createBackend({ backend: name });
      backends.push(backend);
      contenders.push(ours(name, activate, backend, device));
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

const onGpu = (name: TfjsBackend): boolean => name === 'webgpu' || name === 'webgl';

const composed = (name: TfjsBackend, device: DeviceSummary): Contender => ({
  subject: `tfjs-${name} composed`,
  kind: 'peer',
  device,
  grade: 'D',
  // TensorFlow.js has no tensors of float16.
  dtypes: ['float32'],
  offers: ({ name }) => name in composedActivations,
  open: async (question) => {
    const definition = composedActivations[question.activation.name];
    if (!definition) throw new Error(`no composed form of ${question.activation.name}`);
    const { trainable, forward } = definition;
    return openTensors(name, { trainable, forward: (x, ...parameters) => forward(tfjs, x, ...parameters) }, question);
  },
});

const ours = (name: TfjsBackend, activate: Activate, backend: ActivationBackend, device: DeviceSummary): Contender => ({
  subject: `tfjs-${name}`,
  kind: 'ours',
  device,
  grade: 'B',
  claims: backend.supports,
  dtypes: backend.supports.dtypes,
  backend,
  offers: () => true,
  open: (question) => openOurs(name, activate, question),
});

/** The operation that users call, its trainable parameters as tensors. */
function openOurs(name: TfjsBackend, activate: Activate, question: BenchCase): Promise<Candidate> {
  const { activation, channelAxis } = question;
  const trainable = Object.fromEntries(activation.trainable.map((each) => [each, activation.parameters[each] ?? 0]));
  const forward = (x: Tensor, ...values: Tensor[]) => {
    const parameters = Object.fromEntries(values.map((value, index) => [activation.trainable[index] ?? '', value]));
    return activate(activation, x, { parameters, ...(channelAxis !== undefined && { channelAxis }) });
  };
  const cost = plannedCost(question, onGpu(name) ? gpuTarget : sequentialTarget);
  return openTensors(name, { trainable, forward }, question, cost);
}
