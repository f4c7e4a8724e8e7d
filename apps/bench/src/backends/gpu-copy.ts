/**
 * The roof of a GPU: a copy kernel in the way of BabelStream, 16 bytes per invocation and no arithmetic. A driver's
 * own copy command may use an engine that kernels cannot.
 */
import type { Candidate, CopyContender } from '../core/candidate.ts';
import { elementTypes } from '../core/dtypes.ts';
import { type OpenGpu, passCalls, writeElements } from './gpu.ts';

const workgroupSize = 256;
/** Of a vec4f. */
const bytesOfVector = 16;
/** Workgroups along one dimension; WebGPU allows no more by default. */
const mostWorkgroups = 65_535;

const shader = /* wgsl */ `
@group(0) @binding(0) var<storage, read> source: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> copied: array<vec4f>;

@compute @workgroup_size(${workgroupSize})
fn copy(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let index = id.x + id.y * workgroups.x * ${workgroupSize}u;
  if (index < arrayLength(&copied)) {
    copied[index] = source[index];
  }
}`;

export const gpuCopy = (gpu: OpenGpu): CopyContender => ({
  device: gpu.summary,
  open: async (length, dtype) => openCopy(gpu, elementTypes[dtype].bytes * length),
});

async function openCopy(gpu: OpenGpu, bytes: number): Promise<Candidate> {
  const { device, errors } = gpu;
  const size = bytesOfVector * Math.max(1, Math.ceil(bytes / bytesOfVector));
  const module = device.createShaderModule({ code: shader });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  let pairs: Pair[] = [];
  let turn = 0;
  const openPair = (): Pair => {
    const source = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
    const target = device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
    const bindings = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [source, target].map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    return { source, target, bindings };
  };
  const close = () => {
    for (const { source, target } of pairs) {
      source.destroy();
      target.destroy();
    }
  };
  const groups = Math.ceil(size / bytesOfVector / workgroupSize);
  // rows of equal length: with one full row and a short one, half of the workgroups would be launched for nothing
  const rows = Math.ceil(groups / mostWorkgroups);
  const columns = Math.ceil(groups / rows);
  const encode = (pass: GPUComputePassEncoder, count: number) => {
    pass.setPipeline(pipeline);
    for (let k = 0; k < count; k++) {
      turn = (turn + 1) % pairs.length;
      pass.setBindGroup(0, pairs[turn]?.bindings);
      pass.dispatchWorkgroups(columns, rows);
    }
  };
  pairs = [openPair()];
  return {
    door: 'native',
    cost: { bytes: 2 * size, passes: 1, dispatches: 1 },
    rotates: true,
    ...passCalls(gpu, encode),
    prepare: async ({ x }, sets = 1) => {
      close();
      pairs = Array.from({ length: sets }, openPair);
      for (const { source } of pairs) writeElements(device, source, x);
      await device.queue.onSubmittedWorkDone();
    },
    readOutputs: async () => {
      throw new Error('A copy is timed and not read.');
    },
    errors: () => errors,
    dispose: async () => close(),
  };
}

interface Pair {
  readonly source: GPUBuffer;
  readonly target: GPUBuffer;
  readonly bindings: GPUBindGroup;
}
