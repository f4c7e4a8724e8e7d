/** The device of this machine with sets of buffers that together exceed its cache, and a clock for its work. */
import { encodeHalf } from '@isoact/core';
import { describeDevice, deviceDescriptor, subgroupSize, wantedLimits } from '../src/device.ts';
import { convertsHalves } from '../src/halves.ts';
import { createStopwatch, type Stopwatch } from './measure.ts';

interface BufferSet {
  readonly x: GPUBuffer;
  readonly upstream: GPUBuffer;
  readonly output: GPUBuffer;
}

export interface Bench {
  readonly device: GPUDevice;
  readonly software: boolean;
  readonly watch: Stopwatch;
  readonly sets: readonly BufferSet[];
  readonly subgroup: number;
  readonly convertsHalves: boolean;
  /** Elements repeat with the length of these. */
  readonly values: { readonly x: Float32Array; readonly upstream: Float32Array };
  readonly facts: Readonly<Record<string, unknown>>;
  /** Errors that nothing else caught. */
  readonly errors: () => number;
  readonly timeLeft: () => boolean;
  /** Fills all sets with elements of a data type. */
  fill(dtype: 'float32' | 'float16'): void;
  read(source: GPUBuffer, at: number, bytes: number): Promise<ArrayBuffer>;
  compile(code: string): Promise<GPUComputePipeline>;
  /** Adds workgroups, in two dimensions where there are many. */
  dispatch(pass: GPUComputePassEncoder, workgroups: number): void;
  /** How many calls on so many elements to time together. */
  callsFor(elements: number): number;
}

/** GPUBufferUsage by value: STORAGE | COPY_DST | COPY_SRC. */
export const storageUsage = 0x80 | 0x8 | 0x4;

const dawnPackage = 'webgpu';
/** Held: Dawn aborts when it is collected before its devices. */
let gpu: GPU | undefined;

async function openDevice(): Promise<GPUDevice> {
  const { create } = (await import(dawnPackage)) as typeof import('webgpu');
  // timestamps to the nanosecond
  gpu = create(['disable-dawn-features=timestamp_quantization', 'enable-dawn-features=allow_unsafe_apis']);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('A GPU must be there (was none).');
  return adapter.requestDevice(deviceDescriptor(adapter));
}

/** Numbers of both signs from -3.8 to 4.2. */
const noise = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => {
    const t = Math.imul(i + seed, 2654435761) >>> 0;
    return ((Math.imul(t ^ (t >>> 15), 2246822519) >>> 8) / 2 ** 24 - 0.48) * 8;
  });

export async function openBench(logs: readonly number[], seconds: number): Promise<Bench> {
  const began = performance.now();
  const device = await openDevice();
  const { limits } = device;
  const info = describeDevice(device);
  const { software } = info;
  let errors = 0;
  device.addEventListener('uncapturederror', ({ error }) => {
    if (errors++ < 5) console.error('uncaptured', error.message.slice(0, 300));
  });
  const setBytes = 2 ** Math.max(...logs) * 4;
  const buffer = (): GPUBuffer => device.createBuffer({ size: setBytes, usage: storageUsage });
  const sets = Array.from({ length: Math.max(2, Math.min(4, Math.ceil(2 ** 29 / setBytes))) }, () => ({
    x: buffer(),
    upstream: buffer(),
    output: buffer(),
  }));
  const period = 2 ** Math.min(16, ...logs);
  const values = { x: noise(period, 1), upstream: noise(period, 77) };
  let filledWith = '';

  const fillBuffer = (target: GPUBuffer, bytes: Uint8Array<ArrayBuffer>): void => {
    const source = device.createBuffer({ size: bytes.byteLength, usage: storageUsage });
    device.queue.writeBuffer(source, 0, bytes);
    const encoder = device.createCommandEncoder();
    for (let done = 0; done < target.size; done += bytes.byteLength) {
      encoder.copyBufferToBuffer(source, 0, target, done, Math.min(bytes.byteLength, target.size - done));
    }
    device.queue.submit([encoder.finish()]);
  };

  return {
    device,
    software,
    watch: software ? createStopwatch(device, 1, 0) : createStopwatch(device, 5, 15),
    sets,
    subgroup: subgroupSize(device),
    convertsHalves: await convertsHalves(device),
    values,
    facts: {
      device: info,
      features: [...device.features],
      limits: Object.fromEntries(wantedLimits.map((name) => [name, limits[name]])),
    },
    errors: () => errors,
    timeLeft: () => performance.now() - began < seconds * 1000,
    fill(dtype) {
      if (filledWith === dtype) return;
      filledWith = dtype;
      const stored = (numbers: Float32Array): Uint8Array<ArrayBuffer> =>
        dtype === 'float32'
          ? new Uint8Array(numbers.slice().buffer)
          : new Uint8Array(Uint16Array.from(numbers, encodeHalf).buffer);
      for (const set of sets) {
        fillBuffer(set.x, stored(values.x));
        fillBuffer(set.upstream, stored(values.upstream));
      }
    },
    async read(source, at, bytes) {
      const staging = device.createBuffer({ size: bytes, usage: 0x1 | 0x8 });
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(source, at, staging, 0, bytes);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(1);
      const copy = staging.getMappedRange().slice(0);
      staging.destroy();
      return copy;
    },
    compile: (code) =>
      device.createComputePipelineAsync({
        layout: 'auto',
        compute: { module: device.createShaderModule({ code }) },
      }),
    dispatch(pass, workgroups) {
      const layers = Math.ceil(workgroups / limits.maxComputeWorkgroupsPerDimension);
      pass.dispatchWorkgroups(Math.ceil(workgroups / layers), layers);
    },
    callsFor: (elements) => (software ? 1 : Math.max(8, Math.min(60, Math.round(2 ** 30 / elements)))),
  };
}
