/** TensorFlow.js on each of its backends: our operations and the composed peers, on the same tensors. */
import { type ActivationBackend, gpuTarget, sequentialTarget } from '@isoact/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { BenchCase, Candidate, Contender, DeviceSummary, Found, Missing } from '../core/candidate.ts';
import { composedActivations } from '../peers/tfjs-composed.ts';
import { messageOf } from './failure.ts';
import { openHostDoor } from './host-door.ts';
import { plannedCost } from './planned-cost.ts';
import { loadTfjsBackend, type TfjsBackend, tfjs, useTfjsBackend } from './tfjs-runtime.ts';
import { openTensors } from './tfjs-tensors.ts';

/** What the benchmark uses of `@isoact/tfjs`. */
interface Adapter {
  createBackend(options: { backend: TfjsBackend }): Promise<ActivationBackend>;
  activate?(activation: BenchCase['activation'], x: Tensor, options: { parameters: Record<string, Tensor> }): Tensor;
}

const names: readonly TfjsBackend[] = ['cpu', 'wasm', 'webgpu'];

/** @param gpu the device that WebGPU has here, or null. */
export async function findTfjs(cpu: DeviceSummary, gpu: DeviceSummary | null): Promise<Found> {
  const contenders: Contender[] = [];
  const missing: Missing[] = [];
  const backends: ActivationBackend[] = [];
  for (const name of names) {
    const device = name === 'webgpu' ? gpu : cpu;
    try {
      if (!device) throw new Error('needs a WebGPU adapter (there is none)');
      await loadTfjsBackend(name);
      contenders.push(composed(name, device));
      const adapter = (await import('@isoact/tfjs')) as unknown as Adapter;
      const backend = await adapter.createBackend({ backend: name });
      backends.push(backend);
      contenders.push(ours(name, adapter, backend, device));
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

const composed = (name: TfjsBackend, device: DeviceSummary): Contender => ({
  subject: `tfjs-${name} composed`,
  kind: 'peer',
  device,
  grade: 'D',
  offers: ({ activation }) => activation.name in composedActivations,
  open: async (question) => {
    const definition = composedActivations[question.activation.name];
    if (!definition) throw new Error(`no composed form of ${question.activation.name}`);
    const { trainable, forward } = definition;
    return openTensors(name, { trainable, forward: (x, ...parameters) => forward(tfjs, x, ...parameters) }, question);
  },
});

const ours = (name: TfjsBackend, adapter: Adapter, backend: ActivationBackend, device: DeviceSummary): Contender => ({
  subject: `tfjs-${name}`,
  kind: 'ours',
  device,
  grade: 'B',
  offers: () => true,
  open: (question) => openOurs(name, adapter, backend, question),
});

/** Through the operation that users call, or the contract's arrays where the adapter has no operation. */
async function openOurs(
  name: TfjsBackend,
  { activate }: Adapter,
  backend: ActivationBackend,
  question: BenchCase,
): Promise<Candidate> {
  const cost = plannedCost(question, name === 'webgpu' ? gpuTarget : sequentialTarget);
  const { activation } = question;
  if (!activate) {
    const candidate = await openHostDoor(backend, question, cost);
    return { ...candidate, enter: () => useTfjsBackend(name) };
  }
  const trainable = Object.fromEntries(activation.trainable.map((each) => [each, activation.parameters[each] ?? 0]));
  const forward = (x: Tensor, ...values: Tensor[]) => {
    const parameters = Object.fromEntries(values.map((value, index) => [activation.trainable[index] ?? '', value]));
    return activate(activation, x, { parameters });
  };
  return openTensors(name, { trainable, forward }, question, cost);
}
