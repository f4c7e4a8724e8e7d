/** Our WebAssembly SIMD kernels, on tensors that lie in a memory of the caller's. */
import type { createMemoryKernel } from '@isoact/wasm';
import type { BenchCase, Candidate, DeviceSummary, Found } from '../core/candidate.ts';
import { lengthOf, outputLength, primaryLength, specOf } from '../core/case-data.ts';
import { asFloat32 } from '../core/dtypes.ts';
import { messageOf } from './failure.ts';

export async function findWasm(cpu: DeviceSummary): Promise<Found> {
  const nothing = { copies: [], close: async () => {} };
  try {
    const { createBackend, createMemoryKernel } = await import('@isoact/wasm');
    const backend = await createBackend();
    return {
      contenders: [
        {
          subject: 'wasm',
          kind: 'ours',
          device: cpu,
          grade: 'B',
          claims: backend.supports,
          dtypes: backend.supports.dtypes,
          backend,
          offers: () => true,
          open: async (question) => openMemoryKernel(createMemoryKernel, question),
        },
      ],
      copies: [],
      missing: [],
      close: () => backend.dispose(),
    };
  } catch (error) {
    return { ...nothing, contenders: [], missing: [{ subject: 'wasm', reason: messageOf(error) }] };
  }
}

const pageBytes = 65_536;
/** Vectors of four float32 are loaded fastest from multiples of their size. */
const align = (bytes: number): number => Math.ceil(bytes / 16) * 16;

function openMemoryKernel(create: typeof createMemoryKernel, question: BenchCase): Candidate {
  const { activation, direction } = question;
  const length = lengthOf(question);
  const [xBytes, upstreamBytes] = [align(4 * length), align(4 * outputLength(question))];
  const primaryBytes = align(4 * primaryLength(question));
  const tensorBytes = xBytes + upstreamBytes + primaryBytes;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(tensorBytes / pageBytes) + 1 });
  const kernel = create(memory, activation, specOf(question));
  const { plan, scratchBytes } = direction === 'forward' ? kernel.forwardDirection : kernel.vjpDirection;
  const [x, upstream, primary, rest] = [0, xBytes, xBytes + upstreamBytes, tensorBytes];
  const trained = direction === 'vjp' ? activation.trainable : [];
  const parameterGradients = Object.fromEntries(trained.map((name, index) => [name, rest + 16 * index]));
  const scratch = rest + 16 * trained.length;
  memory.grow(Math.ceil((16 * trained.length + scratchBytes) / pageBytes));
  const tensor = (offset: number, values: number) => new Float32Array(memory.buffer, offset, values);
  return {
    door: 'native',
    cost: { passes: plan.passes.length, bytes: 4 * length * (plan.valuesRead + plan.valuesWritten) },
    prepare: async (inputs) => {
      tensor(x, length).set(asFloat32(inputs.x));
      tensor(upstream, inputs.upstream.length).set(asFloat32(inputs.upstream));
    },
    call: async (count) => {
      for (let k = 0; k < count; k++) {
        if (direction === 'forward') kernel.forward({ x, y: primary, scratch });
        else kernel.vjp({ x, upstream, gradient: primary, parameterGradients, scratch });
      }
    },
    readOutputs: async () => ({
      primary: tensor(primary, primaryLength(question)).slice(),
      parameters: Object.fromEntries(
        trained.map((name) => [name, new Float32Array(memory.buffer, parameterGradients[name], 1).slice()]),
      ),
    }),
    dispose: async () => {},
  };
}
