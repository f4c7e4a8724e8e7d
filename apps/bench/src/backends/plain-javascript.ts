/** The plain JavaScript peers as contenders. */
import type { BenchCase, Candidate, CaseInputs, CaseOutputs, DeviceSummary, Found } from '../core/candidate.ts';
import { lengthOf } from '../core/case-data.ts';
import { asFloat32 } from '../core/dtypes.ts';
import { type PlainKernel, plainKernels } from '../peers/plain-javascript.ts';

const kernelFor = ({ name, direction }: BenchCase): PlainKernel | undefined => plainKernels[name]?.[direction];

export async function findPlainJavascript(cpu: DeviceSummary): Promise<Found> {
  return {
    contenders: [
      {
        subject: 'plain JavaScript',
        kind: 'peer',
        device: cpu,
        grade: 'D',
        // No loop over numbers that everyone's JavaScript has stores float16.
        dtypes: ['float32'],
        offers: (question) => kernelFor(question) !== undefined,
        open: async (question) => openKernel(kernelFor(question) as PlainKernel, question),
      },
    ],
    copies: [],
    missing: [],
    close: async () => {},
  };
}

function openKernel(kernel: PlainKernel, question: BenchCase): Candidate {
  const columns = question.shape.at(-1) ?? 1;
  const out = new Float32Array(lengthOf(question));
  let inputs: Readonly<Record<keyof CaseInputs, Float32Array>> = { x: out, upstream: out };
  let parameters: CaseOutputs['parameters'] = {};
  return {
    door: 'native',
    cost: { passes: kernel.passes, bytes: 4 * kernel.traffic * out.length },
    prepare: async ({ x, upstream }) => {
      inputs = { x: asFloat32(x), upstream: asFloat32(upstream) };
    },
    call: async (count) => {
      for (let k = 0; k < count; k++) parameters = kernel.run(inputs.x, inputs.upstream, columns, out);
    },
    readOutputs: async () => ({ primary: out, parameters }),
    dispose: async () => {},
  };
}
