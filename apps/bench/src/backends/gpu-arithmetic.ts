/** The most float32 arithmetic a GPU does: multiply-adds of independent chains in registers, and no memory. */
import type { ArithmeticPeak } from '../core/candidate.ts';
import type { OpenGpu } from './gpu.ts';

const workgroupSize = 256;
const chains = 8;
const unrolled = 8;
const rounds = 64;
const operationsOfWorkgroup = workgroupSize * chains * unrolled * rounds;

const names = Array.from({ length: chains }, (_, chain) => `c${chain}`);
const step = names.map((name) => `${name} = fma(${name}, factor, offset);`).join(' ');

/** The factor and the offset come from memory, so that nothing is known when the shader is compiled. */
const shader = /* wgsl */ `
@group(0) @binding(0) var<storage, read> numbers: array<f32>;
@group(0) @binding(1) var<storage, read_write> results: array<f32>;

@compute @workgroup_size(${workgroupSize})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let factor = numbers[0];
  let offset = numbers[1];
${names.map((name, chain) => `  var ${name} = f32(id.x) + ${chain}.0;`).join('\n')}
  for (var round = 0; round < ${rounds}; round++) {
${`    ${step}\n`.repeat(unrolled)}  }
  let sum = ${names.join(' + ')};
  if (sum == -1.0) { results[0] = sum; }
}`;

/** One dispatch must be long beside the noise of submitting it. */
const enoughMs = 4;
const mostWorkgroups = 65_535;
const samples = 9;

export const gpuArithmetic = (gpu: OpenGpu): ArithmeticPeak => ({
  device: gpu.summary,
  measure: () => measure(gpu.device),
});

async function measure(device: GPUDevice): Promise<number[]> {
  const buffer = (usage: number) => device.createBuffer({ size: 16, usage });
  const buffers = [buffer(GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST), buffer(GPUBufferUsage.STORAGE)];
  const [numbers] = buffers;
  if (numbers) device.queue.writeBuffer(numbers, 0, Float32Array.of(0.999, 0.001));
  const module = device.createShaderModule({ code: shader });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((each, binding) => ({ binding, resource: { buffer: each } })),
  });
  const time = async (workgroups: number, dispatches: number): Promise<number> => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let dispatch = 0; dispatch < dispatches; dispatch++) pass.dispatchWorkgroups(workgroups);
    pass.end();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return performance.now() - start;
  };
  try {
    let workgroups = 4;
    while ((await time(workgroups, 1)) < enoughMs && workgroups * 2 <= mostWorkgroups) workgroups *= 2;
    const rates: number[] = [];
    for (let sample = 0; sample < samples; sample++) {
      const milliseconds = (await time(workgroups, 4)) - (await time(workgroups, 2));
      if (milliseconds > 0) rates.push((2 * workgroups * operationsOfWorkgroup * 1e3) / milliseconds);
    }
    if (rates.length === 0) throw new Error('no timing of positive length');
    return rates;
  } finally {
    for (const each of buffers) each.destroy();
  }
}
