/** Kernels on memory that JavaScript can read: arrays on the cpu backend, views of tfjs's heap on the wasm backend. */
import { compileJavaScript } from '@isoact/codegen';
import { elementCount, upstreamPenalty } from '@isoact/core';
import { plan, sequentialTarget } from '@isoact/core/plan';
import { cachedFor, inputSlots, type KernelCall, outputSlots, type Slot } from './call.ts';

/** The outputs of a call on an empty tensor, which hold for any parameters: empty, zeros, and NaN for a mean of nothing. */
export function runWithoutElements(call: KernelCall): Float32Array[] {
  const zeros = ({ shape }: Slot): Float32Array => new Float32Array(elementCount(shape));
  const outputs = outputSlots(call).map(zeros);
  runOnHost(call, inputSlots(call).map(zeros), outputs);
  return outputs;
}

/** Runs a call on the values of its tensors; `outputs` are written. */
export function runOnHost(call: KernelCall, inputs: readonly Float32Array[], outputs: readonly Float32Array[]): void {
  const kernel = cachedFor('javascript', call, () =>
    compileJavaScript(plan(call.activation, call.spec, call.direction, sequentialTarget)),
  );
  const given = named(inputSlots(call), inputs);
  const written = named(outputSlots(call), outputs);
  kernel({
    inputs: given.element,
    parameters: { [upstreamPenalty]: [0], ...ownParameters(call), ...given.parameter },
    state: { ...given.state, ...(call.seed && { seed: call.seed }) },
    outputs: written.element,
    scalars: { ...written.parameter, ...written.state },
  });
}

const ownParameters = ({ activation }: KernelCall): Record<string, number[]> =>
  Object.fromEntries(Object.entries(activation.parameters).map(([name, value]) => [name, [Math.fround(value)]]));

function named(
  slots: readonly Slot[],
  arrays: readonly Float32Array[],
): Record<Slot['kind'], Record<string, Float32Array>> {
  const result: Record<Slot['kind'], Record<string, Float32Array>> = { element: {}, parameter: {}, state: {} };
  for (const [k, { kind, name }] of slots.entries()) result[kind][name] = arrays[k] as Float32Array;
  return result;
}
