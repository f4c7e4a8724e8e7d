/**
 * An activation on tensors that stay on the device: what a pipeline of sessions or a benchmark needs.
 *
 * ONNX Runtime resolves a run whose outputs stay on the GPU before its work is done, and in Node reading such an output
 * aborts the process (1.30). So uploads, downloads and the wait for the device are runs of an Identity graph.
 */
import {
  type Activation,
  checkSpec,
  type Data,
  DisposedError,
  mustBe,
  ParameterError,
  type Shape,
  type TensorSpec,
  UnsupportedError,
} from '@isoact/core';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { activationGraph, type Direction } from '../export/activation-graph.ts';
import type { Form } from '../export/forms.ts';
import { GraphWriter } from '../export/graph-writer.ts';
import { defaultOpset } from '../export/opset.ts';
import { encodeModel } from '../onnx/encode.ts';
import { targetOf } from './capabilities.ts';
import { isNode, loadRuntime, type Provider, type Runtime } from './runtime.ts';
import { dataOf, type GpuDevice, type OptimizationLevel, openSession, tensorOf } from './session.ts';

export interface ActivationSessionOptions {
  readonly provider: Provider;
  /** `forward` unless given. */
  readonly direction?: Direction;
  /** `accurate` unless given. */
  readonly form?: Form;
  /** `initializers` unless given: the activation's own parameters. */
  readonly parameters?: 'inputs' | 'initializers';
  /** As for {@link createBackend}. */
  readonly runtime?: Runtime;
  /** In a browser, the GPUDevice to use, whose buffers can then be tensors. */
  readonly gpuDevice?: GpuDevice;
  readonly optimization?: OptimizationLevel;
  readonly threads?: number;
}

export type Tensors = Readonly<Record<string, Tensor>>;

export interface ActivationSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** A tensor on the device; the caller disposes of it. */
  upload(data: Data, shape: Shape): Promise<Tensor>;
  /**
   * Runs on tensors that are on the device, into new ones, which the caller disposes of, or in a browser into those that
   * are given. It may resolve before the work is done: see {@link finished}.
   * @throws UnsupportedError for given outputs in Node, where ONNX Runtime would not write to them (1.30).
   */
  run(inputs: Tensors, outputs?: Tensors): Promise<Tensors>;
  /** Resolves when the device has done all that it was given. */
  finished(): Promise<void>;
  /** The values of a tensor on the device, float16 as bits. */
  download(tensor: Tensor): Promise<Data>;
  dispose(): Promise<void>;
}

/**
 * A session for an activation on tensors that stay on the device.
 *
 * @example
 * ```ts
 * const session = await createSession(velu(), { shape: [2, 3], dtype: 'float32' }, { provider: 'webgpu' });
 * const x = await session.upload(new Float32Array(6), [2, 3]);
 * const { y } = await session.run({ x });
 * await session.download(y);
 * ```
 * @throws UnavailableError where the runtime or the provider is not there.
 */
export async function createSession(
  activation: Activation,
  spec: TensorSpec,
  options: ActivationSessionOptions,
): Promise<ActivationSession> {
  const { provider, direction = 'forward', form = 'accurate', gpuDevice, optimization, threads } = options;
  checkSpec(activation, spec, `onnxruntime-${provider}`, ['float32', 'float16']);
  const dtype = spec.dtype === 'float16' ? 'float16' : 'float32';
  const runtime = options.runtime ?? (await loadRuntime(provider));
  const target = targetOf(provider, form);
  const parameters = options.parameters ?? 'initializers';
  const opset = defaultOpset;
  const graph = activationGraph(activation, direction, { ...spec, dtype, opset, parameters, form, target });
  const onDevice = provider === 'webgpu';

  const open = (model: Uint8Array, stays: boolean): Promise<InferenceSession> =>
    openSession(
      runtime,
      model,
      { provider, gpuDevice, optimization, threads },
      onDevice && stays ? { preferredOutputLocation: 'gpu-buffer' } : {},
    );
  const main = await open(encodeModel({ name: activation.name, opset, graph }), true);
  const mover = onDevice ? await openMover(dtype, open) : undefined;
  let disposed = false;
  const alive = (): void => {
    if (disposed) throw new DisposedError(mustBe(`the session of ${activation.name}`, 'in use', 'disposed'));
  };

  return {
    inputNames: main.inputNames,
    outputNames: main.outputNames,
    async upload(data, shape) {
      alive();
      const tensor = tensorOf(runtime, dtype, data, shape);
      return mover ? mover.toDevice(tensor) : tensor;
    },
    async run(inputs, outputs) {
      alive();
      if (outputs && isNode) {
        throw new UnsupportedError(mustBe('the outputs of a run in Node', 'left to ONNX Runtime', 'given'));
      }
      const missing = main.inputNames.find((name) => !(name in inputs));
      if (missing) throw new ParameterError(mustBe(`input ${JSON.stringify(missing)}`, 'given', undefined));
      const feeds = Object.fromEntries(main.inputNames.map((name) => [name, inputs[name] as Tensor]));
      return (await (outputs ? main.run(feeds, outputs) : main.run(feeds))) as Tensors; // tensors are all that the graphs return
    },
    async finished() {
      alive();
      await mover?.toHost(
        tensorOf(runtime, dtype, dtype === 'float16' ? new Uint16Array(1) : new Float32Array(1), [1]),
      );
    },
    async download(tensor) {
      alive();
      return dataOf(mover ? await mover.toHost(tensor) : tensor);
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await Promise.all([main.release(), mover?.dispose()]);
    },
  };
}

interface Mover {
  toDevice(tensor: Tensor): Promise<Tensor>;
  /** A device works in order, so what it was given before is done when this resolves. */
  toHost(tensor: Tensor): Promise<Tensor>;
  dispose(): Promise<void>;
}

/** Moves tensors of any shape. */
async function openMover(
  dtype: 'float32' | 'float16',
  open: (model: Uint8Array, stays: boolean) => Promise<InferenceSession>,
): Promise<Mover> {
  const writer = new GraphWriter({ opset: defaultOpset });
  writer.output('y', writer.input('x', dtype, undefined), undefined);
  const model = encodeModel({ name: 'identity', opset: defaultOpset, graph: writer.finish() });
  const [up, down] = [await open(model, true), await open(model, false)];
  const through = async (session: InferenceSession, x: Tensor): Promise<Tensor> =>
    (await session.run({ x })).y as Tensor; // the graph's one output, a tensor
  return {
    toDevice: (tensor) => through(up, tensor),
    toHost: (tensor) => through(down, tensor),
    async dispose() {
      await Promise.all([up.release(), down.release()]);
    },
  };
}
