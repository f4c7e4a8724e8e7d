/** Buffers between host arrays and the device, made at first use and kept until the end. */
import type { Data } from '@isoact/core';
import {
  GPUBufferUsageCopySource,
  GPUBufferUsageCopyTarget,
  GPUBufferUsageMapRead,
  GPUBufferUsageStorage,
} from './instance.ts';

export interface HostBuffers {
  /** A buffer with these values, which are rounded to float32. */
  upload(name: string, values: Data): GPUBuffer;
  /** Buffers for results, by their lengths. */
  outputs(group: string, lengths: Readonly<Record<string, number>>): Outputs;
  destroy(): void;
}

export interface Outputs {
  buffer(name: string): GPUBuffer;
  /** Submits the commands and waits for the results. */
  read(encoder: GPUCommandEncoder): Promise<Record<string, Float32Array>>;
}

export function createHostBuffers(device: GPUDevice, label: string): HostBuffers {
  const made = new Map<string, GPUBuffer>();
  const buffer = (name: string, size: number, usage: number): GPUBuffer => {
    let existing = made.get(name);
    if (!existing) {
      existing = device.createBuffer({ label: `isoact ${label}: ${name}`, size: Math.max(4, size), usage });
      made.set(name, existing);
    }
    return existing;
  };
  return {
    upload(name, values) {
      const data = values instanceof Float32Array ? values : Float32Array.from(values);
      const target = buffer(`input ${name}`, data.byteLength, GPUBufferUsageStorage | GPUBufferUsageCopyTarget);
      device.queue.writeBuffer(target, 0, data as Float32Array<ArrayBuffer>); // writeBuffer copies at once, whatever the buffer's kind
      return target;
    },
    outputs(group, lengths) {
      const names = Object.keys(lengths);
      const bytes = (name: string): number => (lengths[name] as number) * 4;
      const result = (name: string): GPUBuffer =>
        buffer(`${group} ${name}`, bytes(name), GPUBufferUsageStorage | GPUBufferUsageCopySource);
      const total = names.reduce((sum, name) => sum + bytes(name), 0);
      return {
        buffer: result,
        async read(encoder) {
          const staging = buffer(`${group} staging`, total, GPUBufferUsageCopyTarget | GPUBufferUsageMapRead);
          let at = 0;
          for (const name of names) {
            if (bytes(name) > 0) encoder.copyBufferToBuffer(result(name), 0, staging, at, bytes(name));
            at += bytes(name);
          }
          device.queue.submit([encoder.finish()]);
          await staging.mapAsync(1);
          const all = new Float32Array(staging.getMappedRange().slice(0));
          staging.unmap();
          at = 0;
          return Object.fromEntries(
            names.map((name) => {
              const start = at;
              at += lengths[name] as number;
              return [name, all.slice(start, at)];
            }),
          );
        },
      };
    },
    destroy() {
      for (const each of made.values()) each.destroy();
      made.clear();
    },
  };
}
