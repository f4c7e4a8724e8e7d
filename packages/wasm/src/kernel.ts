/** The simple door: Float32Arrays are copied into WebAssembly's memory, and results out of it. */
import {
  type Activation,
  checkInputs,
  type Data,
  type Direction,
  elementCount,
  type ForwardInputs,
  gradientNames,
  mustBe,
  parameterShape,
  parameterValues,
  type Shape,
  stateShapes,
  type TensorSpec,
  UnsupportedError,
  type VjpInputs,
} from '@isoact/core';
import { Arena, largestMemory, Places } from './arena.ts';
import { createMemoryKernel, type MemoryKernelDirection } from './memory-kernel.ts';

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
export function createKernel(activation: Activation, spec: TensorSpec, arena?: Arena): ActivationKernel {
  common ??= arena ? null : new Arena();
  const { memory, floats, reserve } = bound((arena ?? common) as Arena);
  const kernel = createMemoryKernel(memory, activation, spec);
  const length = elementCount(spec.shape);
  const states = Object.entries(stateShapes(activation, spec)).map(([name, shape]) => ({ name, shape }));
  const gradients = gradientNames(activation, spec).map((name) => ({ name, shape: parameterShape(name, spec) }));
  const arrays = Object.keys(activation.parameters).flatMap((name) => {
    const shape = parameterShape(name, spec);
    return shape.some((each) => each !== 1) ? [{ name, shape }] : [];
  });
  const layouts: Partial<Record<Direction, Layout>> = {};
  const layout = (direction: Direction): Layout => {
    layouts[direction] ??= arrange(direction);
    reserve(layouts[direction].bytes);
    return layouts[direction];
  };

  function arrange(direction: Direction): Layout {
    const { scratchBytes, inPlace }: MemoryKernelDirection = kernel[`${direction}Direction`];
    const places = new Places();
    const named = (all: readonly { name: string; shape: Shape }[]) =>
      Object.fromEntries(all.map(({ name, shape }) => [name, places.take(4 * elementCount(shape))]));
    const x = places.take(4 * length);
    const result = {
      x,
      upstream: direction === 'vjp' ? places.take(4 * length) : 0,
      result: inPlace ? x : places.take(4 * length),
      penalty: places.take(4),
      arrays: named(arrays),
      state: named(states),
      newState: named(states),
      gradients: named(gradients),
      scratch: places.take(scratchBytes),
    };
    if (places.bytes > largestMemory) {
      const requirement = `at most ${largestMemory} bytes, what WebAssembly can address`;
      throw new UnsupportedError(mustBe(`the memory for shape [${spec.shape}]`, requirement, places.bytes));
    }
    return { ...result, bytes: places.bytes };
  }

  layouts.forward = arrange('forward'); // what cannot be had is refused here, not at the first call
  const write = (offset: number, values: Data): void => floats().set(values, offset / 4);
  const read = (offset: number, count: number): Float32Array => floats().slice(offset / 4, offset / 4 + count);
  const readAll = (places: Record<string, number>, all: readonly { name: string; shape: Shape }[]) =>
    Object.fromEntries(all.map(({ name, shape }) => [name, read(places[name] as number, elementCount(shape))]));
  const finish = (offset: number, target: Float32Array | undefined): Float32Array => {
    if (!target) return read(offset, length);
    target.set(floats().subarray(offset / 4, offset / 4 + length));
    return target;
  };

  /** Copies in what both directions read, and gives the numbers and offsets of parameters and state. */
  function bring(at: Layout, { x, parameters, state }: ForwardInputs) {
    write(at.x, x);
    const values = parameters || arrays.length > 0 ? parameterValues(activation, spec, parameters) : {};
    const numbers = Object.entries(values).map(([name, own]): [string, number] => {
      const place = at.arrays[name];
      if (place !== undefined) write(place, own);
      return [name, place ?? (own[0] as number)];
    });
    for (const [name, own] of Object.entries(state ?? {})) write(at.state[name] as number, own);
    return { x: at.x, parameters: Object.fromEntries(numbers), state: at.state, scratch: at.scratch };
  }

  return {
    forward(inputs, y) {
      checkInputs(activation, spec, inputs);
      if (y) checkInputs(activation, spec, { x: y });
      const at = layout('forward');
      const { result, penalty, newState } = at;
      kernel.forward({ ...bring(at, inputs), y: result, penalty, newState });
      return {
        y: finish(result, y),
        ...(activation.forward.penalty && { penalty: floats()[penalty / 4] as number }),
        ...(states.length > 0 && { state: readAll(newState, states) }),
      };
    },
    vjp({ upstream, ...inputs }, gradient) {
      checkInputs(activation, spec, { ...inputs, upstream });
      if (gradient) checkInputs(activation, spec, { ...inputs, upstream: { y: gradient } });
      const at = layout('vjp');
      write(at.upstream, upstream.y);
      kernel.vjp({
        ...bring(at, inputs),
        upstream: at.upstream,
        upstreamPenalty: upstream.penalty ?? 0,
        gradient: at.result,
        parameterGradients: at.gradients,
      });
      return { x: finish(at.result, gradient), parameters: readAll(at.gradients, gradients) };
    },
  };
}

interface Layout {
  readonly x: number;
  readonly upstream: number;
  readonly result: number;
  readonly penalty: number;
  readonly arrays: Record<string, number>;
  readonly state: Record<string, number>;
  readonly newState: Record<string, number>;
  readonly gradients: Record<string, number>;
  readonly scratch: number;
  readonly bytes: number;
}

const bound = (arena: Arena) => ({
  memory: arena.memory,
  floats: () => arena.floats,
  reserve: (bytes: number) => arena.reserve(bytes),
});
