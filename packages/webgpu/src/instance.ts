/** A program on a device: its pipelines, its uniform and scratch buffers, and how it is encoded. */
import type { Binding, Kernel, Program } from '@isoact/codegen';
import { DeviceError, mustBe, type Seed } from '@isoact/core';
import { pipelineOf, writablePipelineOf } from './pipelines.ts';

/** Part of a buffer, both numbers in bytes. */
export interface BufferRange {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

export interface ProgramInstance {
  readonly program: Program;
  /** Bytes of device memory that the program holds beside the caller's buffers. */
  readonly ownBytes: number;
  /** Binds buffers and parameter values; what it gives adds the dispatches to a pass. */
  prepare(
    ranges: (binding: Exclude<Binding, { kind: 'scratch' }>) => BufferRange,
    parameters: (name: string) => number,
    seed?: Seed,
  ): (pass: GPUComputePassEncoder) => void;
  destroy(): void;
}

const keptBindGroups = 32;
const keptUniforms = 8;

export async function createInstance(device: GPUDevice, program: Program): Promise<ProgramInstance> {
  const { kernels } = program;
  const compiling = Promise.all(kernels.map((kernel) => pipelineOf(device, kernel)));
  const scratchBytes = Math.max(16, program.scratchWords * 4);
  const scratch: BufferRange | null =
    program.scratchWords === 0
      ? null
      : {
          buffer: device.createBuffer({ label: 'isoact scratch', size: scratchBytes, usage: GPUBufferUsageStorage }),
          offset: 0,
          size: scratchBytes,
        };
  const pipelines = await compiling;
  const alignment = device.limits.minUniformBufferOffsetAlignment;
  const starts: number[] = [];
  let uniformBytes = 0;
  for (const { uniforms } of kernels) {
    starts.push(uniformBytes);
    uniformBytes += Math.ceil((uniforms.length * 4) / alignment) * alignment;
  }
  const uniformsByValue = new Map<string, GPUBuffer>();
  const bindGroups = new Map<string, readonly GPUBindGroup[]>();
  const parameterNames = [
    ...new Set(
      kernels.flatMap(({ uniforms }) => uniforms.flatMap((word) => (word.type === 'parameter' ? [word.name] : []))),
    ),
  ];

  /** The uniforms for some parameter values; old ones are left to the garbage collector, since commands may use them. */
  const uniformsFor = (parameters: (name: string) => number, seed: Seed): { key: string; buffer: GPUBuffer } => {
    const key = [...parameterNames.map(parameters), ...Array.from(seed)].join();
    let buffer = uniformsByValue.get(key);
    if (!buffer) {
      buffer = writeUniforms(device, kernels, starts, uniformBytes, parameters, seed);
      uniformsByValue.set(key, buffer);
      dropOldest(uniformsByValue, keptUniforms);
    }
    return { key, buffer };
  };

  return {
    program,
    ownBytes: uniformBytes + (scratch?.size ?? 0),
    prepare(ranges, parameters, seed = []) {
      const uniforms = uniformsFor(parameters, seed);
      const used = kernels.map(({ bindings }) =>
        bindings.map((binding) => (binding.kind === 'scratch' ? (scratch as BufferRange) : ranges(binding))),
      );
      for (const [k, own] of used.entries()) checkApart(kernels[k] as Kernel, own);
      const shares = used.map((own, k) => sharesBuffer(kernels[k] as Kernel, own));
      const key = `${uniforms.key}|${used.map((own) => own.map(rangeKey).join()).join(';')}`;
      const chosen = kernels.map((kernel, k) =>
        shares[k] ? writablePipelineOf(device, kernel) : (pipelines[k] as GPUComputePipeline),
      );
      let groups = bindGroups.get(key);
      if (!groups) {
        groups = kernels.map((kernel, k) => {
          const own = [
            ...(kernel.uniforms.length > 0
              ? [
                  {
                    buffer: uniforms.buffer,
                    offset: starts[k] as number,
                    size: Math.ceil(kernel.uniforms.length / 4) * 16,
                  },
                ]
              : []),
            ...(used[k] as BufferRange[]),
          ];
          return device.createBindGroup({
            layout: (chosen[k] as GPUComputePipeline).getBindGroupLayout(0),
            entries: own.map((resource, binding) => ({ binding, resource })),
          });
        });
        bindGroups.set(key, groups);
        dropOldest(bindGroups, keptBindGroups);
      }
      const bound = groups;
      const limit = device.limits.maxComputeWorkgroupsPerDimension;
      return (pass) => {
        for (const [k, { workgroups }] of kernels.entries()) {
          pass.setPipeline(chosen[k] as GPUComputePipeline);
          pass.setBindGroup(0, bound[k] as GPUBindGroup);
          // as even as can be: workgroups beyond the last cost as much to start as others
          const layers = Math.ceil(workgroups / limit);
          pass.dispatchWorkgroups(Math.ceil(workgroups / layers), layers);
        }
      };
    },
    destroy() {
      scratch?.buffer.destroy();
      for (const buffer of uniformsByValue.values()) buffer.destroy();
      uniformsByValue.clear();
      bindGroups.clear();
    },
  };
}

/** GPUBufferUsage by value: Node has no such global. */
export const GPUBufferUsageStorage = 0x80;
const GPUBufferUsageUniform = 0x40;
export const GPUBufferUsageCopySource = 0x04;
export const GPUBufferUsageCopyTarget = 0x08;
export const GPUBufferUsageMapRead = 0x01;

function writeUniforms(
  device: GPUDevice,
  kernels: readonly Kernel[],
  starts: readonly number[],
  size: number,
  parameters: (name: string) => number,
  seed: Seed,
): GPUBuffer {
  const buffer = device.createBuffer({
    label: 'isoact uniforms',
    size: Math.max(16, size),
    usage: GPUBufferUsageUniform,
    mappedAtCreation: true,
  });
  const view = new DataView(buffer.getMappedRange());
  kernels.forEach(({ uniforms }, k) => {
    uniforms.forEach((word, w) => {
      const at = (starts[k] as number) + w * 4;
      if (word.type === 'u32') view.setUint32(at, word.value, true);
      else if (word.type === 'seed') view.setUint32(at, seed[word.word] as number, true);
      else view.setFloat32(at, word.type === 'f32' ? word.value : parameters(word.name), true);
    });
  });
  buffer.unmap();
  return buffer;
}

/** Whether a buffer that the kernel writes is also bound to it for reading. */
function sharesBuffer({ bindings }: Kernel, ranges: readonly BufferRange[]): boolean {
  return ranges.some(
    ({ buffer }, r) =>
      bindings[r]?.access === 'write' &&
      ranges.some((other, o) => o !== r && other.buffer === buffer && bindings[o]?.access === 'read'),
  );
}

/** @throws DeviceError where a range that the kernel writes overlaps another one. */
function checkApart({ bindings }: Kernel, ranges: readonly BufferRange[]): void {
  for (const [w, written] of ranges.entries()) {
    if (bindings[w]?.access !== 'write') continue;
    const other = ranges.findIndex(
      ({ buffer, offset, size }, r) =>
        r !== w &&
        buffer === written.buffer &&
        offset < written.offset + written.size &&
        written.offset < offset + size,
    );
    if (other < 0) continue;
    const name = (place: number): string => {
      const binding = bindings[place];
      return binding && 'name' in binding ? `${binding.kind} ${JSON.stringify(binding.name)}` : 'scratch';
    };
    throw new DeviceError(
      mustBe(
        `the range of ${name(w)}`,
        `apart from that of ${name(other)}`,
        'overlapping',
        'Give each a place of its own.',
      ),
    );
  }
}

const ids = new WeakMap<GPUBuffer, number>();
let nextId = 0;
function rangeKey({ buffer, offset, size }: BufferRange): string {
  let id = ids.get(buffer);
  if (id === undefined) {
    id = nextId++;
    ids.set(buffer, id);
  }
  return `${id}:${offset}:${size}`;
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  if (map.size > most) map.delete(map.keys().next().value as string);
}
