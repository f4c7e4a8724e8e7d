/** Kernels on Float32Arrays, which are copied into WebAssembly's memory, and results out of it. */
import type { WasmArguments } from '@isoact/codegen';
import {
  type Activation,
  checkSpec,
  type Data,
  type Direction,
  DtypeError,
  type ForwardInputs,
  givenStateShapes,
  inputChecker,
  refuse,
  type Seed,
  ShapeError,
  type TensorSpec,
  upstreamPenalty,
  type VjpInputs,
} from '@isoact/core';
import { Arena, Places } from './arena.ts';
import { bytesOf, type CodeSource, mapNumbers, type PreparedDirection, prepareDirection } from './direction.ts';
import { kernelDtypes } from './memory-kernel.ts';

export interface KernelResult {
  readonly y: Float32Array;
  readonly penalty?: number;
  readonly state?: Readonly<Record<string, Float32Array>>;
}

export interface KernelVjpResult {
  readonly x: Float32Array;
  readonly parameters: Record<string, Float32Array>;
}

export interface ActivationKernel {
  /** Writes the result into `y` where that is given, else into a new array. */
  forward(inputs: ForwardInputs, y?: Float32Array): KernelResult;
  /** Writes the gradient of x into `gradient` where that is given, else into a new array. */
  vjp(inputs: VjpInputs, gradient?: Float32Array): KernelVjpResult;
}

/** Where everything of one direction lies. Nothing outlasts a call, so all kernels use the same places. */
interface Arrangement extends Pick<PreparedDirection, 'kernel' | 'bytes'> {
  readonly result: number;
  /** Parameters with a shape. */
  readonly arrays: Readonly<Record<string, number>>;
  /** Parameters where a call gives none. */
  readonly own: Record<string, number>;
  /** What the kernel is called with: one object for all calls, since a new one costs as much as a small tensor. */
  readonly call: WasmArguments & { parameters: Readonly<Record<string, number>>; seed?: Seed | undefined };
}

/** The simple door, on memory that all kernels share. */
export function createArrayKernel(activation: Activation, spec: TensorSpec, source: CodeSource): ActivationKernel {
  common ??= new Arena();
  const { forward, vjp } = openKernel(common, activation, spec, source);
  return {
    forward: (inputs, y) => forward(inputs, y)(),
    vjp: (inputs, gradient) => vjp(inputs, gradient)(),
  };
}

let common: Arena | null = null;

/** Starts a call, and gives what takes its results once it is done; before the next call starts. */
export interface StartedKernel {
  forward(inputs: ForwardInputs, y?: Float32Array): () => KernelResult;
  vjp(inputs: VjpInputs, gradient?: Float32Array): () => KernelVjpResult;
}

export function openKernel(arena: Arena, activation: Activation, spec: TensorSpec, source: CodeSource): StartedKernel {
  checkSpec(activation, spec, 'wasm', kernelDtypes);
  const checkInputs = inputChecker(activation, spec);
  const { forward } = activation;
  const arrangements: Partial<Record<Direction, Arrangement>> = {};
  const arrangement = (direction: Direction): Arrangement => {
    arrangements[direction] ??= arrange(direction);
    return arrangements[direction];
  };
  arrangement('forward'); // what cannot be had is refused here, not at the first call

  function arrange(direction: Direction): Arrangement {
    const prepared = prepareDirection(source, arena.memory, activation, spec, direction);
    const { kernel, bytes } = prepared;
    const places = new Places();
    const placed = (sizes: Readonly<Record<string, number>>) => mapNumbers(sizes, (size) => places.take(size));
    const inputs = placed(bytes.inputs);
    const result = prepared.inPlace ? (inputs.x as number) : places.take(bytes.result);
    const arrays = placed(Object.fromEntries(Object.entries(bytes.parameters).filter(([, size]) => size !== 4)));
    const own = { ...activation.parameters, ...arrays, [upstreamPenalty]: 0 };
    const call = {
      inputs,
      outputs: { x: result, y: result },
      parameters: own,
      state: placed(mapNumbers(givenStateShapes(activation, spec), bytesOf)),
      scalars: placed(bytes.scalars),
      scratch: places.take(prepared.scratchBytes),
    };
    arena.reserve(places.bytes);
    return { kernel, bytes, result, arrays, own, call };
  }

  /** The memory of the call at hand. */
  let { floats } = arena;
  const write = (offset: number | undefined, values: Data): void => floats.set(values, (offset as number) / 4);
  const read = (offset: number, bytes: number): Float32Array => floats.slice(offset / 4, (offset + bytes) / 4);

  /** Copies the inputs of a call in and runs it. */
  function start(at: Arrangement, inputs: ForwardInputs, upstream?: VjpInputs['upstream']): void {
    floats = arena.floats;
    const { inputs: places, state = {} } = at.call;
    const { parameters: given } = inputs;
    write(places.x, inputs.x);
    if (upstream) write(places.upstream, upstream.y);
    for (const name in at.arrays) {
      const place = at.arrays[name] as number;
      const end = place + (at.bytes.parameters[name] as number);
      if (given?.[name]) write(place, given[name]);
      else floats.fill(activation.parameters[name] as number, place / 4, end / 4);
    }
    let parameters = at.own;
    if (given || upstream?.penalty) {
      parameters = { ...parameters, [upstreamPenalty]: upstream?.penalty ?? 0 };
      for (const name in given) parameters[name] = at.arrays[name] ?? (given[name]?.[0] as number);
    }
    at.call.parameters = parameters;
    for (const name in state) write(state[name], inputs.state?.[name] as Data); // as has been checked
    at.call.seed = inputs.state?.seed;
    at.kernel.run(at.call);
  }
  /** The result in the array of the caller's, or in a new one. */
  function finish({ result, bytes }: Arrangement, target?: Float32Array): Float32Array {
    floats = arena.floats; // the memory may have grown
    if (!target) return read(result, bytes.result);
    target.set(floats.subarray(result / 4, (result + bytes.result) / 4));
    return target;
  }
  /** All numbers beside the result. */
  const numbers = ({ bytes, call }: Arrangement): Record<string, Float32Array> => {
    const values: Record<string, Float32Array> = {};
    for (const name in bytes.scalars) values[name] = read(call.scalars[name] as number, bytes.scalars[name] as number);
    return values;
  };

  return {
    forward(inputs, target) {
      checkInputs(inputs);
      const at = arrangement('forward');
      if (target) checkTarget(target, at.bytes.result / 4);
      start(at, inputs);
      return () => {
        const y = finish(at, target);
        if (!forward.penalty) return forward.state ? { y, state: numbers(at) } : { y };
        const { penalty, ...state } = numbers(at);
        return { y, penalty: penalty?.[0] as number, ...(forward.state && { state }) };
      };
    },
    vjp(inputs, target) {
      checkInputs(inputs);
      const at = arrangement('vjp');
      if (target) checkTarget(target, at.bytes.result / 4);
      start(at, inputs, inputs.upstream);
      return () => ({ x: finish(at, target), parameters: numbers(at) });
    },
  };
}

function checkTarget(target: Float32Array, length: number): void {
  if (!(target instanceof Float32Array)) refuse(DtypeError, 'the result', 'a Float32Array', target);
  if (target.length === length) return;
  refuse(ShapeError, 'the length of the result', `${length}, the product of its shape`, target.length);
}
