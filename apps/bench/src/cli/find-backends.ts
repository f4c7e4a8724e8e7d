/** Looks for every backend of this machine. What is missing is a line of the report, never an error. */
import { openDawnGpu } from '../backends/dawn.ts';
import { findOnnxruntime } from '../backends/onnxruntime.ts';
import { findPlainJavascript } from '../backends/plain-javascript.ts';
import { findReference } from '../backends/reference.ts';
import { findTfjs } from '../backends/tfjs.ts';
import { findWasm } from '../backends/wasm.ts';
import { findWebgpu } from '../backends/webgpu.ts';
import type { DeviceSummary, Found } from '../core/candidate.ts';

export async function findBackends(cpu: DeviceSummary): Promise<Found> {
  const webgpu = await findWebgpu(openDawnGpu);
  const others = [
    await findReference(cpu),
    await findPlainJavascript(cpu),
    await findWasm(cpu),
    await findTfjs(['cpu', 'wasm', 'webgpu'], cpu, webgpu.gpu),
    await findOnnxruntime(['cpu', 'webgpu'], () => import('onnxruntime-node'), cpu, webgpu.gpu),
  ];
  const all: readonly Found[] = [webgpu, ...others];
  return {
    contenders: all.flatMap(({ contenders }) => contenders),
    copies: all.flatMap(({ copies }) => copies),
    missing: all.flatMap(({ missing }) => missing),
    close: async () => {
      // The GPU last: others may still hold tensors on it.
      for (const found of [...all].reverse()) await found.close();
    },
  };
}

/** Only the contenders and cases with all words of a filter in their row. */
export function filtered(found: Found, words: readonly string[]): Found {
  if (words.length === 0) return found;
  return {
    ...found,
    contenders: found.contenders.map((contender) => ({
      ...contender,
      offers: (question) => {
        const row =
          `${contender.subject} ${contender.kind} ${question.activation.name} ${question.direction}`.toLowerCase();
        return words.every((word) => row.includes(word)) && contender.offers(question);
      },
    })),
  };
}
