/** Kernels on tensors that lie in a memory of the caller's. Nothing is copied. */

import {
  type Activation,
  anyOf,
  checkParameter,
  checkSpec,
  type Direction,
  drawsNoise,
  ParameterError,
  refuse,
  type Seed,
  ShapeError,
  stateShapes,
  type TensorSpec,
  upstreamPenalty,
} from '@isoact/core';
import {
  bytesOf,
  type CodeSource,
  type DirectionCode,
  type MemoryKernelDirection,
  mapNumbers,
  type PreparedDirection,
  prepareDirection,
} from './direction.ts';

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

export interface MemoryKernel<Direction extends MemoryKernelDirection = MemoryKernelDirection> {
  readonly forwardDirection: Direction;
  readonly vjpDirection: Direction;
  forward(offsets: ForwardOffsets): void;
  vjp(offsets: VjpOffsets): void;
}

/** A direction, and its spare places in the scratch memory of the call before. */
type CallableDirection<Code> = PreparedDirection & Code & { scratch: number; places: Offsets };

export const kernelDtypes = ['float32'] as const;

export function openMemoryKernel<Code extends DirectionCode>(
  memory: WebAssembly.Memory,
  activation: Activation,
  spec: TensorSpec,
  source: CodeSource<Code>,
): MemoryKernel<MemoryKernelDirection & Code> {
  checkSpec(activation, spec, 'wasm', kernelDtypes);
  /** Parameters where a call gives none. */
  const own = { ...activation.parameters, [upstreamPenalty]: 0 };
  const prepared: Partial<Record<Direction, CallableDirection<Code>>> = {};
  const direction = (name: Direction): CallableDirection<Code> => {
    prepared[name] ??= {
      ...prepareDirection(source, memory, activation, spec, name),
      scratch: -1,
      places: {},
    };
    return prepared[name];
  };
  const isNoisy = drawsNoise(activation);
  const stateBytes = mapNumbers(stateShapes(activation, spec), bytesOf);

  /** Bytes of the memory, as they were when the call came. */
  let room = 0;
  const checkPlace = (subject: string, offset: number, size: number): void => {
    if (Number.isInteger(offset) && offset >= 0 && offset % 4 === 0 && offset + size <= room) return;
    const requirement = `a multiple of 4 with ${size} bytes of the memory's ${room} behind it`;
    refuse(ShapeError, `the offset of ${subject} of ${activation.name}`, requirement, offset);
  };
  const sizeOf = (kind: string, name: string, sizes: Offsets): number =>
    sizes[name] ?? refuse(ParameterError, `a ${kind} of ${activation.name}`, anyOf(Object.keys(sizes)), name);
  const run = (
    at: CallableDirection<DirectionCode>,
    inputs: Offsets,
    output: number,
    written: Offsets | undefined,
    { parameters, state, scratch = 0, seed }: CommonOffsets,
    penalty = 0,
  ): void => {
    const { kernel, inPlace, scratchBytes, bytes } = at;
    room = memory.buffer.byteLength;
    for (const name in parameters) {
      const value = parameters[name] as number;
      const size = sizeOf('parameter', name, bytes.parameters);
      if (size > 4) checkPlace(name, value, size);
      else checkParameter(activation, name, value);
    }
    if (isNoisy && seed?.length !== 2) refuse(ParameterError, `the seed of ${activation.name}`, 'two words', seed);
    checkPlace('the result', output, bytes.result);
    for (const input in inputs) {
      const offset = inputs[input] as number;
      const size = bytes.inputs[input] as number;
      checkPlace(input, offset, size);
      const isApart = output >= offset + size || offset >= output + bytes.result;
      if (isApart || (inPlace && output === offset)) continue;
      const requirement = inPlace ? `at ${input}'s own place or apart from it` : `apart from ${input}`;
      refuse(ShapeError, `the result of ${activation.name}`, requirement, output);
    }
    for (const name in state) checkPlace(name, state[name] as number, sizeOf('state', name, stateBytes));
    for (const name in written) checkPlace(name, written[name] as number, sizeOf('result', name, bytes.scalars));
    if (scratchBytes > 0) checkPlace('scratch', scratch, scratchBytes);
    if (scratch !== at.scratch) {
      at.scratch = scratch;
      at.places = mapNumbers(at.spare, (place) => scratch + place);
    }
    kernel.run({
      inputs,
      outputs: { x: output, y: output },
      parameters: parameters || penalty ? { ...own, ...parameters, [upstreamPenalty]: penalty } : own,
      state: { ...state }, // the caller's own may have other numbers in it at the next call
      scalars: written ? { ...at.places, ...written } : at.places,
      seed,
      scratch,
    });
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
      const written = penalty === undefined ? newState : { ...newState, penalty };
      run(direction('forward'), { x }, y, written, offsets);
    },
    vjp(offsets) {
      const { x, upstream, gradient, parameterGradients, upstreamPenalty: penalty } = offsets;
      run(direction('vjp'), { x, upstream }, gradient, parameterGradients, offsets, penalty);
    },
  };
}
