/** Buffers between host arrays and the device, made at first use and kept until the end. */
import {
  GPUBufferUsageCopySource,
  GPUBufferUsageCopyTarget,
  GPUBufferUsageMapRead,
  GPUBufferUsageStorage,
} from './instance.ts';

export interface HostBuffers {
  /** A buffer with these bytes, filled up to a whole word. */
  upload(name: string, values: Float32Array | Uint16Array): GPUBuffer;
  /** Buffers for results, by their bytes. */
  outputs(group: string, bytes: Readonly<Record<string, number>>): Outputs;
  destroy(): void;
}

interface Outputs {
  buffer(name: string): GPUBuffer;
  /** Submits the commands and waits for the results. */
  read(encoder: GPUCommandEncoder): Promise<(name: string) => ArrayBuffer>;
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
      const size = Math.ceil(values.byteLength / 4) * 4;
      const target = buffer(`input ${name}`, size, GPUBufferUsageStorage | GPUBufferUsageCopyTarget);
      let data = values;
      if (size !== values.byteLength) {
        data = new Uint16Array(size / 2);
        data.set(values);
      }
      // the type leaves out shared memory, which writeBuffer copies from as well
      device.queue.writeBuffer(target, 0, data as Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>);
      return target;
    },
    outputs(group, bytes) {
      const names = Object.keys(bytes);
      const sizeOf = (name: string): number => Math.ceil((bytes[name] as number) / 4) * 4;
      const result = (name: string): GPUBuffer =>
        buffer(`${group} ${name}`, sizeOf(name), GPUBufferUsageStorage | GPUBufferUsageCopySource);
      const starts = new Map<string, number>();
      let total = 0;
      for (const name of names) {
        starts.set(name, total);
        total += sizeOf(name);
      }
      return {
        buffer: result,
        async read(encoder) {
          const staging = buffer(`${group} staging`, total, GPUBufferUsageCopyTarget | GPUBufferUsageMapRead);
          for (const [name, start] of starts) {
            if (sizeOf(name) > 0) encoder.copyBufferToBuffer(result(name), 0, staging, start, sizeOf(name));
          }
          device.queue.submit([encoder.finish()]);
          await staging.mapAsync(1);
          const mapped = staging.getMappedRange();
          const copies = new Map(
            names.map((name) => {
              const start = starts.get(name) as number;
              return [name, mapped.slice(start, start + (bytes[name] as number))];
            }),
          );
          staging.unmap();
          return (name) => copies.get(name) as ArrayBuffer;
        },
      };
    },
    destroy() {
      for (const each of made.values()) each.destroy();
      made.clear();
    },
  };
}
