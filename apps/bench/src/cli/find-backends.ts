/** Looks for every backend of this machine. What is missing is a line of the report, never an error. */
import { openDawnGpu } from '../backends/dawn.ts';
import { findJaxJs } from '../backends/jax-js.ts';
import { findOnnxruntime } from '../backends/onnxruntime.ts';
import { findPlainJavascript } from '../backends/plain-javascript.ts';
import { findReference } from '../backends/reference.ts';
import { findTfjs } from '../backends/tfjs.ts';
import { findWasm } from '../backends/wasm.ts';
import { findWebgpu } from '../backends/webgpu.ts';
import type { Contender, DeviceSummary, Found } from '../core/candidate.ts';
import type { Options } from './options.ts';

export async function findBackends(cpu: DeviceSummary): Promise<Found> {
  const webgpu = await findWebgpu(openDawnGpu);
  const others = [
    await findReference(cpu),
    await findPlainJavascript(cpu),
    await findWasm(cpu),
    await findTfjs(['cpu', 'wasm', 'webgpu'], cpu, webgpu.gpu),
    // In Node it has no WebGPU.
    await findJaxJs(['wasm'], cpu, webgpu.gpu),
    await findOnnxruntime(['cpu', 'webgpu'], () => import('onnxruntime-node'), cpu, webgpu.gpu),
  ];
  const all: readonly Found[] = [webgpu, ...others];
  return {
    contenders: all.flatMap(({ contenders }) => contenders),
    copies: all.flatMap(({ copies }) => copies),
    peaks: all.flatMap(({ peaks = [] }) => peaks),
    missing: all.flatMap(({ missing }) => missing),
    lost: () => webgpu.lost?.() ?? null,
    close: async () => {
      // The GPU last: others may still hold tensors on it.
      for (const found of [...all].reverse()) await found.close();
    },
  };
}

/** Only the named subjects, and only the cases with all words of a filter in their row. */
export function filtered(found: Found, { filter, backends }: Pick<Options, 'filter' | 'backends'>): Found {
  const named = ({ subject }: Contender): boolean =>
    backends.length === 0 || backends.some((name) => subject === name || subject.startsWith(`${name} `));
  return {
    ...found,
    contenders: found.contenders.filter(named).map((contender) => ({
      ...contender,
      offers: (question) => {
        const row =
          `${contender.subject} ${contender.kind} ${question.activation.name} ${question.direction}`.toLowerCase();
        return filter.every((word) => row.includes(word)) && contender.offers(question);
      },
    })),
  };
}
