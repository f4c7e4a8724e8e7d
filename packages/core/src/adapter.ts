/**
 * The adapter contract: what every backend offers to the suite, the benchmark and simple callers. Host arrays go in
 * and come out; each adapter has beside this door the native one that its users expect.
 */
import type { Activation } from './definition.ts';
import type { Shape } from './graph/geometry.ts';

/** float32 in a Float32Array, float64 in a Float64Array, float16 as its bits in a Uint16Array. */
export type Data = Float32Array | Float64Array | Uint16Array;
export type Dtype = 'float32' | 'float16' | 'float64';

export interface DeviceInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** Whether a processor only pretends to be this device, as SwiftShader does. */
  readonly software: boolean;
}

/** What a backend claims. The conformance suite probes every claim. */
export interface Capabilities {
  readonly dtypes: readonly Dtype[];
  /** 'propagate': an element's NaN always reaches its output. */
  readonly nan: 'propagate' | 'any';
  /** 'strict': -0 and +0 are told apart. */
  readonly signedZero: 'strict' | 'any';
  /** 'keep': subnormal inputs and results are never flushed to 0. */
  readonly subnormals: 'keep' | 'any';
  /** The depth k(n) of a sum of n terms: its error is at most (k + 1)·2^-24·Σ|terms|. */
  readonly sumDepth: (n: number) => number;
  readonly gradients: boolean;
}

export interface TensorSpec<Named extends string = string> {
  readonly shape: Shape;
  readonly dtype: Dtype;
  /** The axis that an extent of 'channel' keeps, and along which the parts of y lie where it has several. */
  readonly channelAxis?: number;
  /** Shapes of parameters that are not scalars; they broadcast against `shape` as in NumPy. */
  readonly parameterShapes?: Readonly<Record<string, Shape>>;
  /** The parameters whose gradients `vjp` gives; all trainable ones unless named. */
  readonly parameterGradients?: readonly Named[];
}

/**
 * A specification whose `parameterGradients`, where they are written out, are names of parameters that train; names that
 * are known at run time only are looked at then.
 */
export type SpecFor<Trainable extends string, Named extends string> = TensorSpec<Named> &
  TensorSpec<string extends Named ? string : Extract<Named, Trainable>>;

/** What one call leaves for a later one, one number per group: AdaReLU's counts, for example. */
export type State = Readonly<Record<string, Data>>;
/** State that a call reads; for an activation that draws noise, `seed` is two words of 32 bits, the lower one first. */
export type GivenState = Readonly<Record<string, Data | Uint32Array>>;
export type ParameterValues = Readonly<Record<string, Data>>;

export interface ForwardInputs {
  readonly x: Data;
  /** Values that override the activation's own. */
  readonly parameters?: ParameterValues | undefined;
  readonly state?: GivenState | undefined;
}

export interface VjpInputs extends ForwardInputs {
  readonly upstream: { readonly y: Data; readonly penalty?: number | undefined };
}

export interface ForwardResult {
  readonly y: Data;
  readonly penalty?: number;
  readonly state?: State;
}

export interface VjpResult {
  readonly x: Data;
  readonly parameters: Record<string, Data>;
}

export interface CompiledActivation {
  readonly outputs: Readonly<Record<string, { readonly shape: Shape }>>;
  forward(inputs: ForwardInputs): Promise<ForwardResult>;
  vjp(inputs: VjpInputs): Promise<VjpResult>;
  dispose(): void;
}

export interface ActivationBackend {
  /** 'webgpu', 'tfjs-webgl', 'onnxruntime-cpu', … */
  readonly name: string;
  readonly device: DeviceInfo;
  readonly supports: Capabilities;
  /**
   * @throws UnsupportedError for what the backend cannot do, ShapeError, DtypeError or ParameterError for what nobody
   * can do.
   */
  compile<Trainable extends string, Named extends string>(
    activation: Activation<Trainable>,
    spec: SpecFor<Trainable, Named>,
  ): Promise<CompiledActivation>;
  dispose(): Promise<void>;
}
