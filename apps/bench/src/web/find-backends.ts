/** Looks for every backend of this browser. */

import type { Provider, Runtime } from '@isoact/onnxruntime';
import { openGpu } from '../backends/gpu.ts';
import { findJaxJs } from '../backends/jax-js.ts';
import { findOnnxruntime } from '../backends/onnxruntime.ts';
import { findPlainJavascript } from '../backends/plain-javascript.ts';
import { findReference } from '../backends/reference.ts';
import { findTfjs } from '../backends/tfjs.ts';
import { findWasm } from '../backends/wasm.ts';
import { findWebgpu } from '../backends/webgpu.ts';
import type { DeviceSummary, Found } from '../core/candidate.ts';

/** A browser does not tell the name of its processor. */
const browserCpu = (): DeviceSummary => ({
  kind: 'cpu',
  description: `processor with ${navigator.hardwareConcurrency} threads`,
  software: false,
});

export async function findBrowserBackends(): Promise<Found> {
  const cpu = browserCpu();
  const webgpu = await findWebgpu(openGpu);
  await placeTfjsWasm();
  const all: readonly Found[] = [
    webgpu,
    await findReference(cpu),
    await findPlainJavascript(cpu),
    await findWasm(cpu),
    await findTfjs(['cpu', 'wasm', 'webgl', 'webgpu'], cpu, webgpu.gpu),
    await findJaxJs(['wasm', 'webgpu'], cpu, webgpu.gpu),
    await findOnnxruntime(['wasm', 'webgpu'], loadOnnxruntime, cpu, webgpu.gpu),
  ];
  return {
    contenders: all.flatMap(({ contenders }) => contenders),
    copies: all.flatMap(({ copies }) => copies),
    peaks: all.flatMap(({ peaks = [] }) => peaks),
    missing: all.flatMap(({ missing }) => missing),
    lost: () => webgpu.lost?.() ?? null,
    close: async () => {
      for (const found of [...all].reverse()) await found.close();
    },
  };
}

/** Where the build put tfjs's WebAssembly files. */
async function placeTfjsWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const [plain, simd, threaded] = await Promise.all([
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'),
  ]);
  const absolute = (path: string) => new URL(path, globalThis.location.href).href;
  setWasmPaths({
    'tfjs-backend-wasm.wasm': absolute(plain.default),
    'tfjs-backend-wasm-simd.wasm': absolute(simd.default),
    'tfjs-backend-wasm-threaded-simd.wasm': absolute(threaded.default),
  });
}

/** A build each: that for WebGPU has WebAssembly too, but lacks some of its kernels (1.30: Cast at opset 21). */
export async function loadOnnxruntime(provider: Provider): Promise<Runtime> {
  const runtime = await (provider === 'webgpu' ? import('onnxruntime-web/webgpu') : import('onnxruntime-web/wasm'));
  runtime.env.logLevel = 'error';
  return runtime;
}
