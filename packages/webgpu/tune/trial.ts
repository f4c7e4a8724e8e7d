/** One case with one setting: its program, whether it is right, and its calls. */
import { generateProgram, type Program } from '@isoact/codegen';
import {
  createReferenceBackend,
  decodeHalf,
  elementCount,
  encodeHalf,
  parameterShape,
  type TensorSpec,
} from '@isoact/core';
import { gpuTarget, type Plan, plan } from '@isoact/core/plan';
import { createInstance, type ProgramInstance } from '../src/instance.ts';
import { type Bench, storageUsage } from './bench.ts';
import type { Case, Variant } from './cases.ts';

export interface Trial {
  readonly variant: Variant;
  readonly spec: TensorSpec;
  readonly elements: number;
  readonly planned: Plan;
  readonly program: Program;
  readonly instance: ProgramInstance;
}

const elementBytes = ({ storage }: Case): number => (storage === 'float16' ? 2 : 4);

export function programOf(bench: Bench, each: Case, variant: Variant, log: number): Omit<Trial, 'instance'> {
  const spec = { ...each.spec(2 ** log), dtype: each.storage } satisfies TensorSpec;
  const planned = plan(each.activation, spec, each.direction, gpuTarget);
  const facts = {
    avoidsBarriers: false,
    subgroup: variant.subgroup ? bench.subgroup : 0,
    convertsHalves: bench.convertsHalves,
    tuning: variant.tuning,
  };
  return {
    variant,
    spec,
    elements: elementCount(spec.shape),
    planned,
    program: generateProgram(planned, facts, each.storage),
  };
}

export async function prepare(bench: Bench, each: Case, variant: Variant, log: number): Promise<Trial> {
  const made = programOf(bench, each, variant, log);
  return { ...made, instance: await createInstance(bench.device, made.program) };
}

/** Bytes of elements that a call moves. */
export const bytesMoved = (each: Case, { planned, elements }: Trial): number =>
  (planned.valuesRead + planned.valuesWritten) * elements * elementBytes(each);

/** Binds a trial to each set of buffers. */
export function bind(
  bench: Bench,
  each: Case,
  { elements, instance }: Trial,
): { calls: ((pass: GPUComputePassEncoder) => void)[]; release: () => void } {
  const extra = new Map<string, GPUBuffer>();
  const other = (name: string): GPUBuffer => {
    let buffer = extra.get(name);
    if (!buffer) {
      buffer = bench.device.createBuffer({ size: 2 ** 20, usage: storageUsage });
      bench.device.queue.writeBuffer(buffer, 0, new Float32Array(2 ** 12).fill(0.25));
      extra.set(name, buffer);
    }
    return buffer;
  };
  const size = Math.ceil((elements * elementBytes(each)) / 4) * 4;
  const calls = bench.sets.map(({ x, upstream, output }) =>
    instance.prepare(
      (binding) => {
        if (binding.kind === 'input') return { buffer: binding.name === 'x' ? x : upstream, offset: 0, size };
        if (binding.kind === 'output') return { buffer: output, offset: 0, size };
        return { buffer: other(`${binding.kind} ${binding.name}`), offset: 0, size: 2 ** 20 };
      },
      (name) => each.activation.parameters[name] ?? 0,
    ),
  );
  return {
    calls,
    release: () => {
      instance.destroy();
      for (const buffer of extra.values()) buffer.destroy();
    },
  };
}

const expected = new Map<string, Float32Array>();

/** The largest relative error among the first and the last elements. */
export async function errorOf(
  bench: Bench,
  each: Case,
  { spec, elements }: Trial,
  call: (pass: GPUComputePassEncoder) => void,
): Promise<number> {
  const [set] = bench.sets;
  if (!set) throw new TypeError('a bench must have a set of buffers');
  const encoder = bench.device.createCommandEncoder();
  encoder.clearBuffer(set.output);
  const pass = encoder.beginComputePass();
  call(pass);
  pass.end();
  bench.device.queue.submit([encoder.finish()]);
  const period = bench.values.x.length;
  const [outer = 1, ...rest] = spec.shape;
  const inner = elementCount(rest);
  // statistics of whole periods are those of one; odd lengths are left to the tests
  if (spec.shape.length === 1 && elements % period !== 0) return 0;
  const shape =
    spec.shape.length === 1 ? [period] : [Math.min(outer, Math.max(1, Math.floor(period / inner))), ...rest];
  const wanted = await expectedFor(bench, each, spec, shape);
  const bytes = elementBytes(each);
  let worst = 0;
  for (const start of elements % period === 0 ? [0, elements - wanted.length] : [0]) {
    const raw = await bench.read(set.output, start * bytes, wanted.length * bytes);
    const got = bytes === 2 ? Float32Array.from(new Uint16Array(raw), decodeHalf) : new Float32Array(raw);
    for (const [i, value] of wanted.entries()) {
      const error = Math.abs((got[i] as number) - value) / (Math.abs(value) + 1e-2);
      worst = Math.max(worst, Number.isNaN(error) ? 1 : error);
    }
  }
  return worst;
}

async function expectedFor(
  bench: Bench,
  each: Case,
  spec: TensorSpec,
  shape: readonly number[],
): Promise<Float32Array> {
  const key = `${each.name} ${each.direction} ${shape}`;
  const known = expected.get(key);
  if (known) return known;
  const count = elementCount(shape);
  const elements = (values: Float32Array): Float32Array =>
    Float32Array.from({ length: count }, (_, i) => {
      const value = values[i % values.length] as number;
      return each.storage === 'float16' ? decodeHalf(encodeHalf(value)) : value;
    });
  const oracle = await createReferenceBackend().compile(each.activation, { ...spec, shape, dtype: 'float32' });
  const names = Object.keys(spec.parameterShapes ?? {});
  const parameters = Object.fromEntries(
    names.map((name) => [name, new Float32Array(elementCount(parameterShape(name, spec))).fill(0.25)]),
  );
  const x = elements(bench.values.x);
  const result =
    each.direction === 'forward'
      ? (await oracle.forward({ x, parameters })).y
      : (await oracle.vjp({ x, parameters, upstream: { y: elements(bench.values.upstream) } })).x;
  const wanted = Float32Array.from(result);
  expected.set(key, wanted);
  return wanted;
}
