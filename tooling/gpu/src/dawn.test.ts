import { expect, test } from 'vitest';
import { openDawn, provideGpuConstants } from './dawn.ts';
import { gpuKind } from './environment.ts';

const workgroupSize = 64;

// The sum of each group of 64 goes through shared memory and barriers: a device that ignored either would get it wrong.
const sumOfWorkgroup = /* wgsl */ `
@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
var<workgroup> partial: array<f32, ${workgroupSize}>;

@compute @workgroup_size(${workgroupSize})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  partial[lane] = values[group.x * ${workgroupSize} + lane];
  for (var stride = ${workgroupSize / 2}u; stride > 0u; stride /= 2u) {
    workgroupBarrier();
    if (lane < stride) { partial[lane] += partial[lane + stride]; }
  }
  if (lane == 0u) { sums[group.x] = partial[0]; }
}`;

provideGpuConstants();

test.skipIf(gpuKind() === 'none')('Dawn computes with shared memory and barriers', async () => {
  const dawn = openDawn();
  const adapter = await dawn.gpu.requestAdapter();
  const device = await adapter?.requestDevice();
  if (!device) throw new Error('Dawn must find a device (found none).');
  const groups = 5;
  const input = Float32Array.from({ length: groups * workgroupSize }, (_, index) => index);

  const values = device.createBuffer({
    size: input.byteLength,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(values, 0, input);
  const sums = device.createBuffer({ size: groups * 4, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const readable = device.createBuffer({ size: groups * 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: sumOfWorkgroup }) },
  });

  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = [values, sums].map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(groups);
  pass.end();
  encoder.copyBufferToBuffer(sums, readable);
  device.queue.submit([encoder.finish()]);
  await readable.mapAsync(GPUMapMode.READ);

  const expected = Array.from({ length: groups }, (_, group) => (64 * (128 * group + 63)) / 2);
  expect([...new Float32Array(readable.getMappedRange())]).toEqual(expected);
  device.destroy();
  dawn.release();
});
