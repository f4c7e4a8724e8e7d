/** The native door: an activation on tensors that lie in a memory of the caller's. Nothing is copied. */

import type { WasmArguments } from '@isoact/codegen';
import {
  type Activation,
  checkParameter,
  checkSpec,
  type Direction,
  drawsNoise,
  elementCount,
  mustBe,
  outputShape,
  ParameterError,
  parameterShape,
  type Seed,
  type Shape,
  ShapeError,
  type SpecFor,
  stateShapes,
  type TensorSpec,
  upstreamPenalty,
} from '@isoact/core';
import { type Compile, type MemoryKernelDirection, type PreparedDirection, prepareDirection } from './direction.ts';

/** Numbers are byte offsets, multiples of 4, but for parameters with one value: those are numbers. */
type Offsets = Readonly<Record<string, number>>;

interface CommonOffsets {
  readonly x: number;
  readonly parameters?: Offsets;
  /** What an earlier call left, for an activation that reads it. */
  readonly state?: Offsets;
  /** The two words that noise is drawn by, the lower one first, for an activation that draws any. */
  readonly seed?: Seed;
  /** Memory of `scratchBytes`, a multiple of 16. */
  readonly scratch?: number;
}

export interface ForwardOffsets extends CommonOffsets {
  readonly y: number;
  /** Where to leave the penalty, one number. */
  readonly penalty?: number;
  /** Where to leave the state of this call. */
  readonly newState?: Offsets;
}

export interface VjpOffsets extends CommonOffsets {
  readonly upstream: number;
  /** The gradient of x. */
  readonly gradient: number;
  /** The gradients of trainable parameters. */
  readonly parameterGradients?: Offsets;
  /** The gradient that reaches the penalty. */
  readonly upstreamPenalty?: number;
}

export interface MemoryKernel {
  readonly forwardDirection: MemoryKernelDirection;
  readonly vjpDirection: MemoryKernelDirection;
  forward(offsets: ForwardOffsets): void;
  vjp(offsets: VjpOffsets): void;
}

/** A direction with what it is called with: one object for all calls, since a new one costs as much as a small tensor. */
interface CallableDirection extends PreparedDirection {
  /** The name of its element-shaped output. */
  readonly result: 'x' | 'y';
  readonly call: {
    -readonly [Key in keyof WasmArguments]: Key extends 'parameters' | 'outputs' | 'scalars'
      ? Record<string, number>
      : WasmArguments[Key];
  };
}

const callable = (prepared: PreparedDirection, { parameters }: Activation): CallableDirection => ({
  ...prepared,
  result: prepared.plan.direction === 'forward' ? 'y' : 'x',
  call: { inputs: {}, parameters: { ...parameters }, outputs: {}, scalars: {}, scratch: 0 },
});

export const kernelDtypes = ['float32'] as const;

/**
 * Compiles an activation for tensors in a memory of the caller's.
 *
 * @example
 * ```ts
 * const memory = new WebAssembly.Memory({ initial: 2 });
 * const kernel = createMemoryKernel(memory, gelu(), { shape: [1024], dtype: 'float32' });
 * new Float32Array(memory.buffer, 0, 1024).fill(1);
 * kernel.forward({ x: 0, y: 4096 });
 * ```
 * @throws UnsupportedError, ShapeError, DtypeError or ParameterError for what cannot be compiled, UnavailableError
 * without SIMD, CodeGenerationError where a Content-Security-Policy forbids WebAssembly.
 */
export function createMemoryKernel<Trainable extends string, Named extends string>(
  memory: WebAssembly.Memory,
  activation: Activation<Trainable>,
  spec: SpecFor<Trainable, Named>,
): MemoryKernel {
  return openMemoryKernel(memory, activation, spec);
}

export function openMemoryKernel(
  memory: WebAssembly.Memory,
  activation: Activation,
  spec: TensorSpec,
  compile?: Compile,
): MemoryKernel {
  checkSpec(activation, spec, 'wasm', kernelDtypes);
  const prepared: Partial<Record<Direction, CallableDirection>> = {};
  const direction = (name: Direction): CallableDirection => {
    prepared[name] ??= callable(prepareDirection(memory, activation, spec, name, compile), activation);
    return prepared[name];
  };
  const isNoisy = drawsNoise(activation);
  const bytes = 4 * elementCount(spec.shape);
  const outputBytes = 4 * elementCount(outputShape(activation, spec));
  const sizeOf = (tensor: string): number => (tensor === 'y' || tensor === 'upstream' ? outputBytes : bytes);
  const bytesOf = (shapes: Readonly<Record<string, Shape>>): Record<string, number> =>
    Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, 4 * elementCount(shape)]));
  const stateBytes = bytesOf(stateShapes(activation, spec));
  const forwardBytes = { ...stateBytes, penalty: 4 };
  const parameterBytes = bytesOf(
    Object.fromEntries(Object.keys(activation.parameters).map((name) => [name, parameterShape(name, spec)])),
  );

  /** Bytes of the memory, as they were when the call came. */
  let room = 0;
  const place = (subject: string, offset: number, size: number | undefined): void => {
    if (size !== undefined && Number.isInteger(offset) && offset >= 0 && offset % 4 === 0 && offset + size <= room)
      return;
    const requirement = `a multiple of 4 with ${size} bytes of the memory's ${room} behind it`;
    throw new ShapeError(mustBe(`the offset of ${subject} of ${activation.name}`, requirement, offset));
  };
  const apart = (output: number, size: number, input: string, offset: number, inPlace: boolean): void => {
    const isApart = output >= offset + sizeOf(input) || offset >= output + size;
    if (isApart || (inPlace && output === offset)) return;
    const requirement = inPlace ? `at ${input}'s own place or apart from it` : `apart from ${input}`;
    throw new ShapeError(mustBe(`the result of ${activation.name}`, requirement, output));
  };
  /** Numbers and offsets of parameters, those that are given over the activation's own. */
  const bind = (values: Record<string, number>, given: Offsets): void => {
    for (const name in activation.parameters) values[name] = activation.parameters[name] as number;
    for (const name in given) {
      const value = given[name] as number;
      const size = parameterBytes[name];
      if (size === undefined) {
        const known = Object.keys(parameterBytes).join(', ') || 'none';
        throw new ParameterError(mustBe(`a parameter of ${activation.name}`, `one of ${known}`, name));
      }
      if (size > 4) place(name, value, size);
      else checkParameter(activation, name, value);
      values[name] = value;
    }
  };
  const run = (
    { kernel, inPlace, scratchBytes, spare, result, call }: CallableDirection,
    inputs: Offsets,
    output: number,
    written: Offsets,
    writtenBytes: Readonly<Record<string, number>>,
    { parameters, state, scratch = 0, seed }: CommonOffsets,
  ): void => {
    room = memory.buffer.byteLength;
    bind(call.parameters, parameters ?? {});
    if (isNoisy && seed?.length !== 2)
      throw new ParameterError(mustBe(`the seed of ${activation.name}`, 'two words', seed));
    place('the result', output, sizeOf(result));
    for (const input in inputs) {
      place(input, inputs[input] as number, sizeOf(input));
      apart(output, sizeOf(result), input, inputs[input] as number, inPlace);
    }
    for (const key in state) place(key, state[key] as number, stateBytes[key]);
    for (const key in written) place(key, written[key] as number, writtenBytes[key]);
    if (scratchBytes > 0) place('scratch', scratch, scratchBytes);
    for (const key in spare) call.scalars[key] = written[key] ?? scratch + (spare[key] as number);
    call.outputs[result] = output;
    call.inputs = inputs;
    call.state = state;
    call.seed = seed;
    call.scratch = scratch;
    kernel.run(call);
  };

  return {
    get forwardDirection() {
      return direction('forward');
    },
    get vjpDirection() {
      return direction('vjp');
    },
    forward(offsets) {
      const { x, y, penalty, newState } = offsets;
      const written = penalty === undefined ? (newState ?? {}) : { ...newState, penalty };
      run(direction('forward'), { x }, y, written, forwardBytes, offsets);
    },
    vjp(offsets) {
      const { x, upstream, gradient, parameterGradients = {} } = offsets;
      const vjp = direction('vjp');
      vjp.call.parameters[upstreamPenalty] = offsets.upstreamPenalty ?? 0;
      run(vjp, { x, upstream }, gradient, parameterGradients, parameterBytes, offsets);
    },
  };
}
