/**
 * What a kernel is asked to do, and in which order its tensors come and go. tfjs hands a kernel its inputs as an array
 * and attributes as one record, so this record says what each input is.
 */
import {
  type Activation,
  type Direction,
  gradientNames,
  outputShape,
  parameterShape,
  type Shape,
  stateShapes,
  type TensorSpec,
  upstreamPenalty,
} from '@isoact/core';

/** One direction of one activation on tensors of one layout. */
export interface KernelCall {
  readonly activation: Activation;
  readonly spec: TensorSpec;
  readonly direction: Direction;
  /** The two words that noise is drawn by, where the activation draws any. */
  readonly seed?: Uint32Array;
  /** The parameters that come as tensors; all others are the activation's own numbers. */
  readonly tensorParameters: readonly string[];
}

/** What a tensor of a call is. */
export interface Slot {
  readonly kind: 'element' | 'parameter' | 'state';
  readonly name: string;
  readonly shape: Shape;
}

/** The tensors that a kernel receives, in order: x, upstreams, parameters, state. */
export function inputSlots({ activation, spec, direction, tensorParameters }: KernelCall): Slot[] {
  const upstreams: Slot[] = [
    { kind: 'element', name: 'upstream', shape: outputShape(activation, spec) },
    ...(activation.forward.penalty ? [{ kind: 'parameter' as const, name: upstreamPenalty, shape: [] }] : []),
  ];
  return [
    { kind: 'element', name: 'x', shape: spec.shape },
    ...(direction === 'vjp' ? upstreams : []),
    ...tensorParameters.map((name) => ({ kind: 'parameter' as const, name, shape: parameterShape(name, spec) })),
    ...readStates(activation, spec),
  ];
}

/** The tensors that a kernel returns, in order: y, penalty and state, or the gradients of x and of parameters. */
export function outputSlots({ activation, spec, direction }: KernelCall): Slot[] {
  if (direction === 'vjp') {
    return [
      { kind: 'element', name: 'x', shape: spec.shape },
      ...gradientNames(activation, spec).map((name) => ({
        kind: 'parameter' as const,
        name,
        shape: parameterShape(name, spec),
      })),
    ];
  }
  return [
    { kind: 'element', name: 'y', shape: outputShape(activation, spec) },
    ...(activation.forward.penalty ? [{ kind: 'parameter' as const, name: 'penalty', shape: [] }] : []),
    ...Object.entries(stateShapes(activation, spec)).map(([name, shape]) => ({ kind: 'state' as const, name, shape })),
  ];
}

/** The states that an activation reads, as AdaReLU's frozen mode does. */
export function readStates(activation: Activation, spec: TensorSpec): Slot[] {
  return Object.entries(stateShapes(activation, spec))
    .filter(([name]) => activation.forward.state?.[name]?.kind === 'state')
    .map(([name, shape]) => ({ kind: 'state', name, shape }));
}

/** The specification to plan for, in which every parameter that comes as a tensor has a shape, be it a scalar's. */
export function plannedSpec(call: KernelCall): TensorSpec {
  const parameters = inputSlots(call).filter(({ kind }) => kind === 'parameter');
  return { ...call.spec, parameterShapes: Object.fromEntries(parameters.map(({ name, shape }) => [name, shape])) };
}

const caches = new WeakMap<object, Map<string, unknown>>();

/**
 * Something made once for a graph and a layout. Activations that differ in their numbers alone share their graphs, and
 * so what is made of them.
 */
export function cachedFor<T>(purpose: string, call: KernelCall, make: () => T): T {
  const { activation, spec, direction } = call;
  const graph = direction === 'forward' ? activation.forward : activation.vjp;
  const cache = caches.get(graph) ?? new Map<string, unknown>();
  caches.set(graph, cache);
  const { shape, channelAxis, parameterShapes, parameterGradients } = spec;
  const key = JSON.stringify([purpose, shape, channelAxis, parameterShapes, parameterGradients, call.tensorParameters]);
  if (!cache.has(key)) cache.set(key, make());
  return cache.get(key) as T; // only `make` of the same purpose wrote it
}
