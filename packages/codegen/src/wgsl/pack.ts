/** Copies numbers per group out of buffers of the caller's, which a kernel has no bindings for, into the scratch buffer. */
import { createKernelBuilder } from './builder.ts';
import type { Device } from './form.ts';
import { type Kernel, workgroupSize } from './kernel.ts';
import { workgroupNumber } from './unit.ts';

/** Parameters or state that lie in the scratch buffer. */
export interface Packed {
  readonly kind: 'parameter' | 'state';
  readonly name: string;
  /** Its first word in the scratch buffer. */
  readonly at: number;
  readonly words: number;
}

/** As many kernels as it takes: each binds the scratch buffer, and what else a device lets it. */
export function emitPacks(packed: readonly Packed[], { storageBuffers = Number.POSITIVE_INFINITY }: Device): Kernel[] {
  const kernels: Kernel[] = [];
  for (let first = 0; first < packed.length; first += storageBuffers - 1) {
    kernels.push(emitPack(packed.slice(first, first + storageBuffers - 1)));
  }
  return kernels;
}

function emitPack(packed: readonly Packed[]): Kernel {
  const builder = createKernelBuilder(workgroupSize, {});
  const copies = packed.map(({ kind, name, at, words }, k) => {
    const source = builder.buffer({ kind, name, access: 'read' });
    const target = `${builder.size(`destination${k}`, at)} + place`;
    return `if (place < ${builder.size(`words${k}`, words)}) { ${builder.store('f32', target, `${source}[place]`)} }`;
  });
  const most = Math.max(...packed.map(({ words }) => words));
  return builder.build('pack parameters', Math.ceil(most / workgroupSize), [
    `let place = (${workgroupNumber}) * ${workgroupSize}u + lane;`,
    ...copies,
  ]);
}
