/**
 * The native door: an activation as compute dispatches on the caller's device, encoder and buffers. Nothing is copied,
 * nothing is waited for.
 */
import type { Tuning } from '@isoact/codegen';
import {
  type Activation,
  checkSpec,
  DisposedError,
  drawsNoise,
  elementCount,
  mustBe,
  ParameterError,
  type Plan,
  type Seed,
  type SpecFor,
  upstreamPenalty,
} from '@isoact/core';
import { asView, bindingBytes, checkParameters, checkSize, partOf, rangeOf } from './binding-checks.ts';
import { describe, instantiate } from './directions.ts';
import { guarded } from './errors.ts';
import { convertsHalves } from './halves.ts';
import type { ProgramInstance } from './instance.ts';
import { type KernelDtype, kernelDtypes, transfers } from './transfers.ts';

/**
 * A whole buffer, or a part of one: offset and size in bytes, the offset aligned as the device asks. Tensors are in the
 * dtype of the spec (float16: two in a word, the lower half first); parameters, their gradients, the penalty and state
 * are float32.
 */
export type BufferView = GPUBuffer | { readonly buffer: GPUBuffer; readonly offset?: number; readonly size?: number };

/** Scalars as numbers; parameters with a shape in the spec as buffers. */
export type KernelParameters = Readonly<Record<string, number | BufferView>>;

export interface ForwardBuffers {
  readonly x: BufferView;
  readonly y: BufferView;
  /** One number, for an activation that has a penalty. */
  readonly penalty?: BufferView;
  readonly parameters?: KernelParameters;
  /** What an earlier call left, for an activation that reads it. */
  readonly state?: Readonly<Record<string, BufferView>>;
  /** The two words that noise is drawn by, the lower one first, for an activation that draws any. */
  readonly seed?: Seed;
  /** Where to leave the state of this call. */
  readonly newState?: Readonly<Record<string, BufferView>>;
}

export interface VjpBuffers {
  readonly x: BufferView;
  readonly upstream: BufferView;
  /** The gradient of x. */
  readonly gradient: BufferView;
  /** The gradients of trainable parameters. */
  readonly parameterGradients?: Readonly<Record<string, BufferView>>;
  /** The gradient that reaches the penalty. */
  readonly upstreamPenalty?: number;
  readonly parameters?: KernelParameters;
  readonly state?: Readonly<Record<string, BufferView>>;
  /** The seed of the forward whose gradient this is. */
  readonly seed?: Seed;
}

/** One direction, as planned and generated. */
export interface KernelDirection {
  readonly plan: Plan;
  /** Readings of the tensor. */
  readonly passes: number;
  readonly dispatches: number;
  /** Bytes of element-shaped data read and written by one call. */
  readonly bytes: number;
  /** The generated text, one kernel after another. */
  readonly code: readonly string[];
}

export interface ActivationKernel {
  readonly forward: KernelDirection;
  readonly vjp: KernelDirection | null;
  /**
   * Adds the forward pass to an encoder, or to a compute pass of the caller's. Commands of one kernel share scratch
   * memory: encode them for one queue.
   * @throws DeviceError for a buffer that is too small or not aligned, ParameterError for a value that is not allowed.
   */
  encode(target: GPUCommandEncoder | GPUComputePassEncoder, buffers: ForwardBuffers): void;
  /** Adds the vector-Jacobian product. */
  encodeVjp(target: GPUCommandEncoder | GPUComputePassEncoder, buffers: VjpBuffers): void;
  dispose(): void;
}

export interface KernelOptions {
  /** Whether `encodeVjp` will be used; true unless said otherwise. */
  readonly gradients?: boolean;
  /**
   * Whether invocations of a workgroup share the work on a group and meet at barriers; true unless the device reports
   * itself as software, where barriers are very slow.
   */
  readonly barriers?: boolean;
  /** The most bytes to bind at once; larger tensors are worked on in parts. As the device allows unless given. */
  readonly bindingBytes?: number;
  /** How work is spread over invocations, for measurements: results are the same to within rounding. */
  readonly tuning?: Partial<Tuning>;
}

/**
 * Compiles an activation for the caller's device.
 *
 * @example
 * ```ts
 * const kernel = await createKernel(device, velu({ lambda: 0.5 }), { shape: [64, 1024], dtype: 'float32' });
 * kernel.encode(encoder, { x, y });
 * kernel.encodeVjp(encoder, { x, upstream, gradient, parameterGradients: { lambda } });
 * ```
 * @throws UnsupportedError, ShapeError, DtypeError or ParameterError for what cannot be compiled, DeviceError for what
 * the device refuses.
 */
export async function createKernel<Trainable extends string, Named extends string>(
  device: GPUDevice,
  activation: Activation<Trainable>,
  spec: SpecFor<Trainable, Named>,
  options: KernelOptions = {},
): Promise<ActivationKernel> {
  checkSpec(activation, spec, 'webgpu', kernelDtypes);
  checkSize(device, activation, spec);
  const { gradients = true } = options;
  const { roundNumber } = transfers[spec.dtype as KernelDtype];
  const facts = { convertsHalves: spec.dtype === 'float16' && (await convertsHalves(device)) };
  const [forward, vjp] = await guarded(device, `the kernels of ${activation.name}`, () =>
    Promise.all([
      instantiate(device, activation, spec, 'forward', options, facts),
      gradients ? instantiate(device, activation, spec, 'vjp', options, facts) : null,
    ]),
  );
  let disposed = false;

  const encode = (
    instance: ProgramInstance | null,
    target: GPUCommandEncoder | GPUComputePassEncoder,
    named: (kind: string, name: string) => BufferView | undefined,
    given: KernelParameters = {},
    penalty = 0,
    seed: Seed = [],
  ): void => {
    if (disposed || !instance) {
      throw new DisposedError(
        mustBe(`the kernel of ${activation.name}`, 'in use', disposed ? 'disposed' : 'compiled without gradients'),
      );
    }
    checkParameters(activation, spec, given);
    if (drawsNoise(activation) && seed.length !== 2)
      throw new ParameterError(mustBe(`the seed of ${activation.name}`, 'two words', seed));
    if (elementCount(spec.shape) === 0) return;
    const parameters = (name: string): number => {
      if (name === upstreamPenalty) return penalty;
      const value = (given[name] ?? activation.parameters[name]) as number; // checked above: without a shape it is one
      return roundNumber(value);
    };
    const dispatch = instance.prepare(
      (binding) => {
        const { kind, name } = binding;
        const subject = `${kind} ${JSON.stringify(name)} of ${activation.name}`;
        const whole = rangeOf(device, subject, named(kind, name), bindingBytes(activation, spec, kind, name));
        return 'range' in binding ? partOf(whole, binding.range, spec.dtype as KernelDtype) : whole;
      },
      parameters,
      seed,
    );
    if ('dispatchWorkgroups' in target) {
      dispatch(target);
      return;
    }
    const pass = target.beginComputePass({ label: `isoact ${activation.name}` });
    dispatch(pass);
    pass.end();
  };

  return {
    forward: describe(forward, spec),
    vjp: vjp && describe(vjp, spec),
    encode(target, { x, y, penalty, parameters, state, seed, newState }) {
      const named = (kind: string, name: string): BufferView | undefined => {
        if (kind === 'input') return x;
        if (kind === 'output') return y;
        if (kind === 'parameter') return asView(parameters?.[name]);
        if (kind === 'state') return state?.[name];
        return name === 'penalty' ? penalty : newState?.[name];
      };
      encode(forward, target, named, parameters, 0, seed);
    },
    encodeVjp(
      target,
      { x, upstream, gradient, parameterGradients, upstreamPenalty: penalty, parameters, state, seed },
    ) {
      const named = (kind: string, name: string): BufferView | undefined => {
        if (kind === 'input') return name === 'x' ? x : upstream;
        if (kind === 'output') return gradient;
        if (kind === 'parameter') return asView(parameters?.[name]);
        if (kind === 'state') return state?.[name];
        return parameterGradients?.[name];
      };
      encode(vjp, target, named, parameters, penalty, seed);
    },
    dispose() {
      disposed = true;
      forward.destroy();
      vjp?.destroy();
    },
  };
}
