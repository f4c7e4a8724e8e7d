/** Whether a device converts float16 exactly, found out by trying all that can differ. */
import { decodeHalf } from '@isoact/core';
import {
  GPUBufferUsageCopySource,
  GPUBufferUsageCopyTarget,
  GPUBufferUsageMapRead,
  GPUBufferUsageStorage,
} from './instance.ts';

/** Each invocation decodes its own number and encodes the float32 of its place. */
const code = `@group(0) @binding(0) var<storage, read> numbers: array<f32>;
@group(0) @binding(1) var<storage, read_write> results: array<u32>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let halves = unpack2x16float(id.x | (id.x << 16u));
  results[2u * id.x] = select(0xffffffffu, bitcast<u32>(halves.x), bitcast<u32>(halves.x) == bitcast<u32>(halves.y));
  results[2u * id.x + 1u] = pack2x16float(vec2f(numbers[id.x], numbers[id.x]));
}`;

const count = 2 ** 16;
const known = new WeakMap<GPUDevice, Promise<boolean>>();

/** Tried once for each device. */
export function convertsHalves(device: GPUDevice): Promise<boolean> {
  let found = known.get(device);
  if (!found) {
    found = tryAll(device).catch(() => false);
    known.set(device, found);
  }
  return found;
}

const bits = new DataView(new ArrayBuffer(4));
const bitsOf = (t: number): number => {
  bits.setFloat32(0, t);
  return bits.getUint32(0);
};

/** Magnitudes where rounding can go wrong, and what they become. */
function hardCases(): { numbers: Float32Array<ArrayBuffer>; wanted: Uint32Array } {
  const numbers = new Float32Array(count);
  const wanted = new Uint32Array(count);
  for (let half = 0; half < 0x7c00; half++) {
    const low = decodeHalf(half);
    // the step above the largest number leads to 65536, which is infinite
    const high = half === 0x7bff ? 65536 : decodeHalf(half + 1);
    const middle = (low + high) / 2;
    const place = 2 * half;
    // ties go to the even one; a hair below them, down
    [numbers[place], wanted[place]] = [middle, half + (half & 1)];
    const below = new Float32Array(1);
    new Uint32Array(below.buffer)[0] = bitsOf(middle) - 1;
    [numbers[place + 1], wanted[place + 1]] = [-(below[0] as number), half | 0x8000];
  }
  const rest: readonly (readonly [number, number])[] = [
    [Number.POSITIVE_INFINITY, 0x7c00],
    [-1e6, 0xfc00],
    [3e38, 0x7c00],
    [1e-30, 0],
  ];
  for (const [r, [number, half]] of rest.entries()) {
    [numbers[2 * 0x7c00 + r], wanted[2 * 0x7c00 + r]] = [number, half];
  }
  return { numbers, wanted };
}

async function tryAll(device: GPUDevice): Promise<boolean> {
  const { numbers, wanted } = hardCases();
  const module = device.createShaderModule({ label: 'isoact float16', code });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const bytes = count * 8;
  const buffer = (size: number, usage: number): GPUBuffer =>
    device.createBuffer({ label: 'isoact float16', size, usage });
  const given = buffer(count * 4, GPUBufferUsageStorage | GPUBufferUsageCopyTarget);
  const results = buffer(bytes, GPUBufferUsageStorage | GPUBufferUsageCopySource);
  const staging = buffer(bytes, GPUBufferUsageCopyTarget | GPUBufferUsageMapRead);
  try {
    device.queue.writeBuffer(given, 0, numbers);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    const entries = [given, results].map((each, binding) => ({ binding, resource: { buffer: each } }));
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(count / 256);
    pass.end();
    encoder.copyBufferToBuffer(results, 0, staging, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(1);
    const got = new Uint32Array(staging.getMappedRange());
    for (let place = 0; place < count; place++) {
      const number = decodeHalf(place);
      const decodes = Number.isNaN(number)
        ? ((got[2 * place] as number) & 0x7fffffff) > 0x7f800000
        : got[2 * place] === bitsOf(number);
      const half = wanted[place] as number;
      if (!decodes || got[2 * place + 1] !== (half | (half << 16)) >>> 0) return false;
    }
    return true;
  } finally {
    for (const each of [given, results, staging]) each.destroy();
  }
}
