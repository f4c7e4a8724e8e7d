/** The backends of a browser; this module is bundled into the page. */
import type { ActivationBackend } from '@isoact/core';
import type { ExpectedFailure } from '@isoact/core/conformance';
import * as onnxruntime from '@isoact/onnxruntime';
import { expectedFailures } from '@isoact/onnxruntime/conformance';
import * as wasm from '@isoact/wasm';
import * as webgpu from '@isoact/webgpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env } from '@tensorflow/tfjs-core';
import { loadTfjsBuiltins } from '../builtins/tfjs.ts';
import type { LoadedGroup } from './subject.ts';
import { loadTfjs } from './tfjs.ts';

/** Where the page's server has the WebAssembly files of the runtimes. */
const folders = { tfjs: '/tfjs-wasm/', onnxruntime: '/onnxruntime/' } as const;

env().set('PROD', true); // no advertisement
setWasmPaths(folders.tfjs);

const withExpected = async (
  backend: ActivationBackend | Promise<ActivationBackend>,
  expected: readonly ExpectedFailure[] = [],
): Promise<LoadedGroup> => ({ backend: await backend, expected });

/** The build for WebGPU has WebAssembly too, but not for every type of number. */
const ofOnnxruntime = (provider: 'wasm' | 'webgpu') => async () => {
  const runtime = await (provider === 'webgpu' ? import('onnxruntime-web/webgpu') : import('onnxruntime-web/wasm'));
  runtime.env.logLevel = 'error';
  runtime.env.wasm.wasmPaths = folders.onnxruntime;
  runtime.env.wasm.numThreads = 1;
  return withExpected(
    onnxruntime.createBackend({ provider, runtime, threads: 1, optimization: 'basic' }),
    expectedFailures,
  );
};

const loaders: Readonly<Record<string, () => Promise<LoadedGroup>>> = {
  'browser:webgpu': () => withExpected(webgpu.createBackend()),
  'browser:wasm': () => withExpected(wasm.createBackend()),
  'browser:tfjs-wasm': () => loadTfjs('wasm'),
  'browser:tfjs-webgl': () => loadTfjs('webgl'),
  'browser:tfjs-webgpu': () => loadTfjs('webgpu'),
  'browser:onnxruntime-wasm': ofOnnxruntime('wasm'),
  'browser:onnxruntime-webgpu': ofOnnxruntime('webgpu'),
  'builtin:tfjs-webgl': () => loadTfjsBuiltins('webgl'),
};

/** @throws where the browser lacks the backend. */
export function loadBrowserGroup(name: string): Promise<LoadedGroup> {
  const load = loaders[name];
  if (!load)
    throw new RangeError(`a group of the browser must be one of ${Object.keys(loaders).join(', ')} (was ${name}).`);
  return load();
}
