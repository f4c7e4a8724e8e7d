/** Operations that generated code executes, counted while it runs. */
import { compileCountingWasm, rangeClasses } from '@isoact/codegen';
import { type Activation, type Direction, elementCount, outputShape, type TensorSpec } from '@isoact/core';
import { plan, scalarOutputs, sequentialTarget } from '@isoact/core/plan';

/** For each element of x, by the WebAssembly kernel without relaxed SIMD, for elements of a normal distribution. */
export function operationsPerElement(activation: Activation, spec: TensorSpec, direction: Direction): number {
  const planned = plan(activation, spec, direction, sequentialTarget);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const kernel = compileCountingWasm(planned, memory, { bounds: rangeClasses(activation), relaxed: false });
  const length = elementCount(spec.shape);
  const outputLength = elementCount(outputShape(activation, spec));
  let end = 16; // behind the count
  const place = (count: number): number => {
    const start = end;
    end += Math.ceil(count / 4) * 16;
    return start;
  };
  const x = place(length);
  const upstream = place(outputLength);
  const result = place(outputLength);
  const scalars = Object.fromEntries(
    scalarOutputs(planned).map(({ name, grouping }) => [name, place(grouping.groups)]),
  );
  const scratch = place(kernel.scratchBytes / 4);
  memory.grow(Math.ceil(end / 65_536));
  new Float32Array(memory.buffer, x, length).set(normal(length, 1));
  new Float32Array(memory.buffer, upstream, outputLength).set(normal(outputLength, 2));
  const { parameters } = activation;
  kernel.run({ inputs: { x, upstream }, parameters, outputs: { y: result, x: result }, scalars, scratch });
  return kernel.operations() / length;
}

/** Numbers of a normal distribution, the same at each call (Lehmer 1951 with 48271 mod 2^31 - 1; Box and Muller 1958). */
function normal(length: number, seed: number): Float32Array {
  let state = seed;
  const uniform = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return Float32Array.from({ length }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}
