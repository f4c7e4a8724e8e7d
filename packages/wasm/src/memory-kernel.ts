/** The native door: an activation on tensors that lie in a memory of the caller's. Nothing is copied. */
import { compileWasm, isWithin, rangeClasses, type WasmKernel } from '@isoact/codegen';
import {
  type Activation,
  checkParameter,
  checkSpec,
  type Direction,
  elementCount,
  mustBe,
  ParameterError,
  type Plan,
  parameterShape,
  plan,
  ShapeError,
  scalarOutputs,
  sequentialTarget,
  stateShapes,
  type TensorSpec,
  upstreamPenalty,
} from '@isoact/core';
import { Places } from './arena.ts';

/** Numbers are byte offsets, multiples of 4, but for parameters with one value: those are numbers. */
type Offsets = Readonly<Record<string, number>>;

interface CommonOffsets {
  readonly x: number;
  readonly parameters?: Offsets;
  /** What an earlier call left, for an activation that reads it. */
  readonly state?: Offsets;
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

/** One direction, as planned and generated. */
export interface MemoryKernelDirection {
  readonly plan: Plan;
  /** Bytes that a call works in, and leaves numbers in that it is given no place for. */
  readonly scratchBytes: number;
  /** Whether the result may lie where an input lies. */
  readonly inPlace: boolean;
}

export interface MemoryKernel {
  readonly forwardDirection: MemoryKernelDirection;
  readonly vjpDirection: MemoryKernelDirection;
  forward(offsets: ForwardOffsets): void;
  vjp(offsets: VjpOffsets): void;
}

interface Prepared extends MemoryKernelDirection {
  /** The kernel for parameters: made for the size of the activation's own, or for any. */
  readonly kernelFor: (parameters: Readonly<Record<string, number>>) => WasmKernel;
  /** Places in the scratch memory, behind the kernel's own, for numbers that nobody asked for. */
  readonly spare: Readonly<Record<string, number>>;
}

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
export function createMemoryKernel(memory: WebAssembly.Memory, activation: Activation, spec: TensorSpec): MemoryKernel {
  checkSpec(activation, spec, 'wasm', kernelDtypes);
  const prepared: Partial<Record<Direction, Prepared>> = {};
  const direction = (name: Direction): Prepared => {
    prepared[name] ??= prepare(memory, activation, spec, name);
    return prepared[name];
  };
  const length = elementCount(spec.shape);
  const states = stateShapes(activation, spec);
  const parameterLengths = Object.fromEntries(
    Object.keys(activation.parameters).map((name) => [name, elementCount(parameterShape(name, spec))]),
  );
  const stateLengths = Object.fromEntries(Object.entries(states).map(([name, shape]) => [name, elementCount(shape)]));

  function run(
    { kernelFor, inPlace, scratchBytes, spare, plan: { direction: name } }: Prepared,
    inputs: Offsets,
    output: number,
    scalars: Offsets,
    scalarLengths: Readonly<Record<string, number>>,
    { parameters = {}, state = {}, scratch = 0 }: CommonOffsets,
    penalty: number,
  ): void {
    const place = (subject: string, offset: number, count: number): void =>
      checkPlace(memory, `${subject} of ${activation.name}`, offset, 4 * count);
    place('the result', output, length);
    for (const [input, offset] of Object.entries(inputs)) {
      place(input, offset, length);
      checkApart(`the result of ${activation.name}`, output, input, offset, 4 * length, inPlace);
    }
    if (scratchBytes > 0) place('scratch', scratch, scratchBytes / 4);
    for (const [key, offset] of Object.entries(state)) place(`state ${key}`, offset, stateLengths[key] ?? 0);
    for (const [key, offset] of Object.entries(scalars)) place(key, offset, scalarLengths[key] ?? 0);
    const values: Record<string, number> = { ...activation.parameters, [upstreamPenalty]: penalty };
    for (const [key, value] of Object.entries(parameters)) {
      const count = parameterLengths[key];
      if (count === undefined) {
        const known = Object.keys(activation.parameters).join(', ') || 'none';
        throw new ParameterError(mustBe(`a parameter of ${activation.name}`, `one of ${known}`, key));
      }
      if (isArray(key)) place(`parameter ${key}`, value, count);
      else checkParameter(activation.name, key, value, { domain: activation.domains[key] ?? {} });
      values[key] = value;
    }
    kernelFor(values).run({
      inputs,
      parameters: values,
      state,
      outputs: { [name === 'forward' ? 'y' : 'x']: output },
      scalars: {
        ...Object.fromEntries(Object.entries(spare).map(([key, offset]) => [key, scratch + offset])),
        ...scalars,
      },
      scratch,
    });
  }
  const isArray = (name: string): boolean => parameterShape(name, spec).some((length) => length !== 1);

  return {
    get forwardDirection() {
      return direction('forward');
    },
    get vjpDirection() {
      return direction('vjp');
    },
    forward(offsets) {
      const { x, y, penalty, newState } = offsets;
      const scalars = { ...(penalty !== undefined && { penalty }), ...newState };
      run(direction('forward'), { x }, y, scalars, { penalty: 1, ...stateLengths }, offsets, 0);
    },
    vjp(offsets) {
      const { x, upstream, gradient, parameterGradients = {}, upstreamPenalty: penalty = 0 } = offsets;
      run(direction('vjp'), { x, upstream }, gradient, parameterGradients, parameterLengths, offsets, penalty);
    },
  };
}

function prepare(memory: WebAssembly.Memory, activation: Activation, spec: TensorSpec, direction: Direction): Prepared {
  const planned = plan(activation, spec, direction, sequentialTarget);
  const kernel = compileWasm(planned, memory, { bounds: rangeClasses(activation) });
  let general: WasmKernel | null = null;
  const kernelFor = (parameters: Readonly<Record<string, number>>): WasmKernel => {
    if (isWithin(kernel.assumed, parameters)) return kernel;
    general ??= compileWasm(planned, memory, { keeps: false }); // in no more scratch memory than was asked for
    return general;
  };
  const places = new Places();
  places.take(kernel.scratchBytes);
  const spare = Object.fromEntries(
    scalarOutputs(planned).map(({ name, grouping }) => [name, places.take(4 * grouping.groups)]),
  );
  const written = planned.passes.findIndex(({ outputs }) => outputs.length > 0);
  const inPlace = planned.passes.slice(written + 1).every(({ reads }) => reads.length === 0);
  return { plan: planned, kernelFor, scratchBytes: places.bytes, spare, inPlace };
}

function checkPlace(memory: WebAssembly.Memory, subject: string, offset: number, bytes: number): void {
  const room = memory.buffer.byteLength;
  if (Number.isInteger(offset) && offset >= 0 && offset % 4 === 0 && offset + bytes <= room) return;
  const requirement = `a multiple of 4 with ${bytes} bytes of the memory's ${room} behind it`;
  throw new ShapeError(mustBe(`the offset of ${subject}`, requirement, offset));
}

function checkApart(
  subject: string,
  output: number,
  input: string,
  offset: number,
  bytes: number,
  inPlace: boolean,
): void {
  if (Math.abs(output - offset) >= bytes || (inPlace && output === offset)) return;
  const requirement = inPlace ? `at ${input}'s own place or apart from it` : `apart from ${input}`;
  throw new ShapeError(mustBe(subject, requirement, output));
}
