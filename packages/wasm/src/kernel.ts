/** The simple door: Float32Arrays are copied into WebAssembly's memory, and results out of it. */
import type { WasmArguments, WasmKernel } from '@isoact/codegen';
import {
  type Activation,
  checkSpec,
  type Data,
  type Direction,
  DtypeError,
  elementCount,
  type ForwardInputs,
  givenStateShapes,
  gradientNames,
  inputChecker,
  mustBe,
  outputShape,
  parameterShape,
  type Seed,
  type Shape,
  ShapeError,
  type SpecFor,
  stateShapes,
  type TensorSpec,
  UnsupportedError,
  upstreamPenalty,
  type VjpInputs,
} from '@isoact/core';
import { Arena, largestMemory, Places } from './arena.ts';
import { type Compile, prepareDirection } from './direction.ts';
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
interface Arrangement {
  readonly kernel: WasmKernel;
  readonly x: number;
  readonly upstream: number;
  readonly result: number;
  /** Elements of the result. */
  readonly count: number;
  /** Parameters with a shape. */
  readonly arrays: Readonly<Record<string, number>>;
  readonly bytes: number;
  /** What the kernel is called with: one object for all calls, since a new one costs as much as a small tensor. */
  readonly call: WasmArguments & { readonly parameters: Record<string, number>; seed?: Seed | undefined };
}

const listOf = (shapes: Readonly<Record<string, Shape>>): Shapes =>
  Object.entries(shapes).map(([name, shape]) => ({ name, shape }));

type Shapes = readonly { readonly name: string; readonly shape: Shape }[];

let common: Arena | null = null;

/**
 * Compiles an activation for Float32Arrays.
 *
 * @example
 * ```ts
 * const kernel = createKernel(velu(), { shape: [2, 1024], dtype: 'float32' });
 * const { y } = kernel.forward({ x: new Float32Array(2048) });
 * ```
 * @throws UnsupportedError, ShapeError, DtypeError or ParameterError for what cannot be compiled, UnavailableError
 * without SIMD, CodeGenerationError where a Content-Security-Policy forbids WebAssembly.
 */
export function createKernel<Trainable extends string, Named extends string>(
  activation: Activation<Trainable>,
  spec: SpecFor<Trainable, Named>,
): ActivationKernel {
  common ??= new Arena();
  const { forward, vjp } = openKernel(common, activation, spec);
  return {
    forward: (inputs, y) => forward(inputs, y)(),
    vjp: (inputs, gradient) => vjp(inputs, gradient)(),
  };
}

/** Starts a call, and gives what takes its results once it is done; before the next call starts. */
interface StartedKernel {
  forward(inputs: ForwardInputs, y?: Float32Array): () => KernelResult;
  vjp(inputs: VjpInputs, gradient?: Float32Array): () => KernelVjpResult;
}

export function openKernel(arena: Arena, activation: Activation, spec: TensorSpec, compile?: Compile): StartedKernel {
  checkSpec(activation, spec, 'wasm', kernelDtypes);
  const length = elementCount(spec.shape);
  const outputLength = elementCount(outputShape(activation, spec));
  const states = listOf(stateShapes(activation, spec));
  const givenStates = listOf(givenStateShapes(activation, spec));
  const gradients: Shapes = gradientNames(activation, spec).map((name) => ({
    name,
    shape: parameterShape(name, spec),
  }));
  const arrays: Shapes = Object.keys(activation.parameters)
    .map((name) => ({ name, shape: parameterShape(name, spec) }))
    .filter(({ shape }) => shape.some((each) => each !== 1));
  const checkInputs = inputChecker(activation, spec);
  const penalty: Shapes = activation.forward.penalty ? [{ name: 'penalty', shape: [] }] : [];
  const written = { forward: [...penalty, ...states], vjp: gradients } as const;

  const arrangements: Partial<Record<Direction, Arrangement>> = {};
  const arrangement = (direction: Direction): Arrangement => {
    arrangements[direction] ??= arrange(direction);
    return arrangements[direction];
  };
  arrangement('forward'); // what cannot be had is refused here, not at the first call

  function arrange(direction: Direction): Arrangement {
    const prepared = prepareDirection(arena.memory, activation, spec, direction, compile);
    const places = new Places();
    const placed = (all: Shapes): Record<string, number> =>
      Object.fromEntries(all.map(({ name, shape }) => [name, places.take(4 * elementCount(shape))]));
    const x = places.take(4 * length);
    const upstream = direction === 'vjp' ? places.take(4 * outputLength) : 0;
    const count = direction === 'vjp' ? length : outputLength;
    const result = prepared.inPlace ? x : places.take(4 * count);
    const at = placed(arrays);
    const call = {
      inputs: { x, upstream },
      outputs: { x: result, y: result },
      parameters: { ...activation.parameters, ...at },
      state: placed(givenStates),
      scalars: placed(written[direction]),
      scratch: places.take(prepared.scratchBytes),
    };
    const { bytes } = places;
    if (bytes > largestMemory) {
      const requirement = `at most ${largestMemory} bytes, what WebAssembly can address`;
      throw new UnsupportedError(mustBe(`the memory for shape [${spec.shape}]`, requirement, bytes));
    }
    return { kernel: prepared.kernel, x, upstream, result, count, arrays: at, bytes, call };
  }

  const write = (offset: number, values: Data): void => arena.floats.set(values, offset / 4);
  const read = (offset: number, count: number): Float32Array => arena.floats.slice(offset / 4, offset / 4 + count);

  /** Copies the inputs of a call in and runs it. */
  function start(at: Arrangement, inputs: ForwardInputs, upstream?: VjpInputs['upstream']): void {
    arena.reserve(at.bytes);
    write(at.x, inputs.x);
    const { parameters, state = {} } = at.call;
    if (upstream) {
      write(at.upstream, upstream.y);
      parameters[upstreamPenalty] = upstream.penalty ?? 0;
    }
    for (const name in activation.parameters) {
      const own = activation.parameters[name] as number;
      const values = inputs.parameters?.[name];
      const place = at.arrays[name];
      if (place === undefined) parameters[name] = values?.[0] ?? own;
      else if (values) write(place, values);
      else arena.floats.fill(own, place / 4, place / 4 + elementCount(parameterShape(name, spec)));
    }
    for (const name in state) write(state[name] as number, inputs.state?.[name] as Data); // as has been checked
    at.call.seed = inputs.state?.seed;
    at.kernel.run(at.call);
  }
  /** The result in the array of the caller's, or in a new one. */
  function finish({ result, count }: Arrangement, target?: Float32Array): Float32Array {
    if (!target) return read(result, count);
    target.set(arena.floats.subarray(result / 4, result / 4 + count));
    return target;
  }
  const readAll = (at: Arrangement, all: Shapes): Record<string, Float32Array> => {
    const result: Record<string, Float32Array> = {};
    for (const { name, shape } of all) result[name] = read(at.call.scalars[name] as number, elementCount(shape));
    return result;
  };

  return {
    forward(inputs, target) {
      checkInputs(inputs);
      const at = arrangement('forward');
      if (target) checkTarget(target, at.count);
      start(at, inputs);
      return () => ({
        y: finish(at, target),
        ...(activation.forward.penalty && { penalty: arena.floats[(at.call.scalars.penalty as number) / 4] as number }),
        ...(states.length > 0 && { state: readAll(at, states) }),
      });
    },
    vjp(inputs, target) {
      checkInputs(inputs);
      const at = arrangement('vjp');
      if (target) checkTarget(target, at.count);
      start(at, inputs, inputs.upstream);
      return () => ({ x: finish(at, target), parameters: readAll(at, gradients) });
    },
  };
}

function checkTarget(target: Float32Array, length: number): void {
  if (!(target instanceof Float32Array)) throw new DtypeError(mustBe('the result', 'a Float32Array', target));
  if (target.length === length) return;
  throw new ShapeError(mustBe('the length of the result', `${length}, the product of its shape`, target.length));
}
