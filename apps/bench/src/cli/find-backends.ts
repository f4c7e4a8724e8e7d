/** Looks for the backends of this machine that are wanted. What is missing is a line of the report, never an error. */
import { openDawnGpu } from '../backends/dawn.ts';
import type { TfjsBackend } from '../backends/tfjs-runtime.ts';
import type { Contender, DeviceSummary, Found } from '../core/candidate.ts';
import type { Options } from './options.ts';

type Wanted = Pick<Options, 'filter' | 'backends' | 'device'>;

/** Each runtime is loaded only where a subject of it is wanted: all of them take seconds. */
export async function findBackends(cpu: DeviceSummary, wanted: Wanted): Promise<Found> {
  const named = (subject: string, kind: DeviceSummary['kind']): boolean =>
    (wanted.device === null || wanted.device === kind) &&
    (wanted.backends.length === 0 || wanted.backends.some((name) => isOf(name, subject)));
  const onGpu = named('webgpu', 'gpu') || named('tfjs-webgpu', 'gpu') || named('onnxruntime-webgpu', 'gpu');
  const all: Found[] = [];
  const gpu = onGpu ? await (await import('../backends/webgpu.ts')).findWebgpu(openDawnGpu) : null;
  if (gpu) all.push(gpu);
  const summary = gpu?.gpu ?? null;
  // The reference brings the copy of memory, which every subject on the processor is held against.
  if (wanted.device !== 'gpu') all.push(await (await import('../backends/reference.ts')).findReference(cpu));
  if (named('plain JavaScript', 'cpu'))
    all.push(await (await import('../backends/plain-javascript.ts')).findPlainJavascript(cpu));
  if (named('wasm', 'cpu')) all.push(await (await import('../backends/wasm.ts')).findWasm(cpu));
  const tfjs = (['cpu', 'wasm', 'webgpu'] as const satisfies readonly TfjsBackend[]).filter((name) =>
    named(`tfjs-${name}`, name === 'webgpu' ? 'gpu' : 'cpu'),
  );
  if (tfjs.length > 0) all.push(await (await import('../backends/tfjs.ts')).findTfjs(tfjs, cpu, summary));
  // In Node it has no WebGPU.
  if (named('jax-js-wasm', 'cpu'))
    all.push(await (await import('../backends/jax-js.ts')).findJaxJs(['wasm'], cpu, summary));
  const providers = (['cpu', 'webgpu'] as const).filter((name) =>
    named(`onnxruntime-${name}`, name === 'webgpu' ? 'gpu' : 'cpu'),
  );
  if (providers.length > 0) {
    const { findOnnxruntime } = await import('../backends/onnxruntime.ts');
    all.push(await findOnnxruntime(providers, () => import('onnxruntime-node'), cpu, summary));
  }
  return {
    contenders: all.flatMap(({ contenders }) => contenders),
    copies: all.flatMap(({ copies }) => copies),
    peaks: all.flatMap(({ peaks = [] }) => peaks),
    missing: all.flatMap(({ missing }) => missing),
    lost: () => gpu?.lost?.() ?? null,
    close: async () => {
      // The GPU last: others may still hold tensors on it.
      for (const found of [...all].reverse()) await found.close();
    },
  };
}

/** A name means a subject, and what begins with it: `webgpu` is ours, `tfjs-webgpu` ours and tfjs's own composed. */
const isOf = (name: string, subject: string): boolean =>
  subject === name || subject.startsWith(`${name} `) || name.startsWith(`${subject} `);

/** Only the named subjects, and only the cases with all words of a filter in their row. */
export function filtered(found: Found, { filter, backends, device: kind }: Wanted): Found {
  const named = ({ subject, device }: Contender): boolean =>
    (kind === null || device.kind === kind) &&
    (backends.length === 0 || backends.some((name) => subject === name || subject.startsWith(`${name} `)));
  return {
    ...found,
    contenders: found.contenders.filter(named).map((contender) => ({
      ...contender,
      offers: (question) => {
        const { name, direction, dtype } = question;
        const row = [contender.subject, contender.kind, name, direction, dtype].join(' ').toLowerCase();
        return filter.every((word) => row.includes(word)) && contender.offers(question);
      },
    })),
  };
}
