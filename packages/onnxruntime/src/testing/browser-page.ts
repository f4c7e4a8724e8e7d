/** What the tests in a browser ask of a page: the suite, and tensors over buffers of a device that the page owns. */
import { type TensorSpec, velu } from '@isoact/core';
import { type ConformanceOptions, runConformance } from '@isoact/core/conformance';
import { expectedFailures, nativeFailures } from '../conformance.ts';
import {
  type ActivationSession,
  type BackendOptions,
  createBackend,
  createSession,
  type GpuDevice,
  type Runtime,
} from '../index.ts';
import { sample } from './sample.ts';

export interface PageRequest extends Pick<ConformanceOptions, 'groups'> {
  readonly provider: 'wasm' | 'webgpu';
  readonly form: 'native' | 'accurate';
  readonly activations: readonly string[];
}

export interface PageReport {
  readonly device: string;
  readonly software: boolean;
  readonly values: number;
  readonly expectedFailures: number;
  readonly verdicts: readonly string[];
  readonly failures: readonly string[];
}

/** Each provider from the build that is meant for it. */
async function runtimeFor(provider: 'wasm' | 'webgpu'): Promise<Runtime> {
  const runtime = await (provider === 'webgpu' ? import('onnxruntime-web/webgpu') : import('onnxruntime-web/wasm'));
  runtime.env.wasm.wasmPaths = '/onnxruntime/';
  runtime.env.wasm.numThreads = 1;
  runtime.env.logLevel = 'error';
  return runtime;
}

const quickly = { threads: 1, optimization: 'basic' } as const satisfies Partial<BackendOptions>;

export async function conform({ provider, form, ...options }: PageRequest): Promise<PageReport> {
  const backend = await createBackend({ provider, form, runtime: await runtimeFor(provider), ...quickly });
  const report = await runConformance(backend, {
    ...options,
    quick: true,
    dtypes: ['float32'],
    owed: form === 'native' ? 'D' : 'B',
    expected: form === 'native' ? nativeFailures : expectedFailures,
  });
  await backend.dispose();
  return {
    device: backend.device.description,
    software: backend.device.software,
    values: report.totals.values,
    expectedFailures: report.totals.expectedFailures,
    verdicts: report.verdicts,
    failures: report.failures
      .filter(({ expected }) => !expected)
      .map(({ id, faults }) => `${id}: ${faults.join('; ')}`),
  };
}

const rows: TensorSpec = { shape: [8, 100], dtype: 'float32' };
const count = 800;

/** What a page without the option is told. */
export const withoutRuntime = (): Promise<string> =>
  createBackend({ provider: 'webgpu' }).then(
    () => 'nothing',
    (error: Error) => `${error.name}: ${error.message}`,
  );

/** The largest difference between a run on the host's arrays and one on buffers of one device that the page owns. */
export async function shareDevice(): Promise<{ readonly difference: number; readonly errors: readonly string[] }> {
  const adapter = await navigator.gpu.requestAdapter();
  const device = (await adapter?.requestDevice()) as GPUDevice; // a page without a GPU fails here
  const errors: string[] = [];
  device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
  const runtime = await runtimeFor('webgpu');
  // ONNX Runtime's types name the same class
  const session = await createSession(velu(), rows, { provider: 'webgpu', runtime, gpuDevice: device as GpuDevice });

  const values = sample(count);
  const wanted = await onHost(session, values);
  const [from, to] = [bufferOf(device), bufferOf(device)];
  device.queue.writeBuffer(from, 0, values);
  const tensorOver = (buffer: GPUBuffer) =>
    runtime.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims: [8, 100] });
  await session.run({ x: tensorOver(from) }, { y: tensorOver(to) });
  const got = await read(device, to);
  await session.dispose();
  const difference = Math.max(...got.map((value, index) => Math.abs(value - (wanted[index] as number))));
  return { difference, errors };
}

async function onHost(session: ActivationSession, values: Float32Array): Promise<ArrayLike<number>> {
  const x = await session.upload(values, rows.shape);
  const { y } = await session.run({ x });
  if (y?.location !== 'gpu-buffer') throw new Error(`y must stay on the GPU (was on ${y?.location}).`);
  await session.finished();
  return session.download(y);
}

const bufferOf = (device: GPUDevice): GPUBuffer =>
  device.createBuffer({
    size: count * 4,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  });

async function read(device: GPUDevice, source: GPUBuffer): Promise<Float32Array> {
  const target = device.createBuffer({ size: count * 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 0, target, 0, count * 4);
  device.queue.submit([encoder.finish()]);
  await target.mapAsync(GPUMapMode.READ);
  return new Float32Array(target.getMappedRange().slice(0));
}
