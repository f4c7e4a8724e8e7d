/** The conformance suite in a page: our backends, and beside them the functions that frameworks have themselves. */

import { mergeSubjects, type SubjectReport } from '@isoact/core/conformance';
import { type LoadedGroup, loadOnnxBuiltins, loadTfjsBuiltins, runActivation } from '@isoact-apps/conform/builtins';
import type { Contender, Found } from '../core/candidate.ts';
import { loadOnnxruntime } from './find-backends.ts';

/** Their own functions are asked of frameworks that are here, on the backends that are here. */
const builtins: Readonly<Record<string, () => Promise<LoadedGroup>>> = {
  'tfjs-cpu': () => loadTfjsBuiltins('cpu'),
  'tfjs-wasm': () => loadTfjsBuiltins('wasm'),
  'tfjs-webgl': () => loadTfjsBuiltins('webgl'),
  'tfjs-webgpu': () => loadTfjsBuiltins('webgpu'),
  'onnxruntime-wasm': () => loadOnnxBuiltins('wasm', () => loadOnnxruntime('wasm')),
  'onnxruntime-webgpu': () => loadOnnxBuiltins('webgpu', () => loadOnnxruntime('webgpu')),
};

const prefix = 'builtin:';

/** The subjects that can be asked: our backends, and beside each the functions that its framework has itself. */
export const checkableSubjects = ({ contenders }: Found): string[] =>
  contenders.flatMap(({ subject, backend }) =>
    backend ? [subject, ...(Object.hasOwn(builtins, subject) ? [`${prefix}${subject}`] : [])] : [],
  );

export interface ConformOptions {
  readonly activations: readonly string[];
  readonly signal: AbortSignal;
  readonly onCase: (id: string) => void;
  /** Told after each activation. */
  readonly onReport: (report: SubjectReport) => void;
}

/** Asks one subject activation by activation, until it is told to stop. */
export async function conform(found: Found, subject: string, options: ConformOptions): Promise<void> {
  const { activations, signal, onCase, onReport } = options;
  const group = await openGroup(found, subject);
  const parts: SubjectReport[] = [];
  try {
    for (const activation of activations) {
      if (signal.aborted) return;
      const request = { activation, subject, options: { ...quickOptions, owed: group.owed } };
      const part = await runActivation(group, request, onCase);
      // What a framework has no function for says nothing about it.
      if (part.results.every(({ values }) => values === 0)) continue;
      parts.push(part);
      const [first, ...others] = parts;
      if (first) onReport(mergeSubjects([first, ...others]));
    }
  } finally {
    if (subject.startsWith(prefix)) await group.backend.dispose();
  }
}

const quickOptions = {
  quick: true,
  huge: false,
  groups: undefined,
  seed: undefined,
  timeLimit: undefined,
} as const;

async function openGroup({ contenders }: Found, subject: string): Promise<LoadedGroup> {
  if (subject.startsWith(prefix)) {
    const load = builtins[subject.slice(prefix.length)];
    if (load) return load();
  }
  const ours = contenders.find((each) => each.subject === subject);
  if (!ours?.backend) throw new RangeError(`The subject must be one that can be checked (was ${subject}).`);
  return { backend: ours.backend, expected: await departuresOf(ours), owed: ours.grade };
}

/** What our adapters are known to depart in. */
async function departuresOf({ subject }: Contender): Promise<LoadedGroup['expected']> {
  if (subject.startsWith('tfjs-')) return (await import('@isoact/tfjs')).expectedFailures;
  if (subject.startsWith('onnxruntime-')) return (await import('@isoact/onnxruntime/conformance')).expectedFailures;
  return [];
}
