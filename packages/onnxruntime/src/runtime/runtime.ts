/**
 * ONNX Runtime as a library that is loaded when it is first needed: `onnxruntime-node` for the providers cpu and webgpu,
 * `onnxruntime-web` for wasm. A caller may pass the module itself instead, as a browser build does.
 */
import { mustBe, UnavailableError } from '@isoact/core';
import type { Env, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common';

export type Provider = 'cpu' | 'webgpu' | 'wasm';

/** What is used of `onnxruntime-node` or `onnxruntime-web`; both modules fit. */
export interface Runtime {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
  readonly env: Env;
}

const packages: Readonly<Record<Provider, string>> = {
  cpu: 'onnxruntime-node',
  webgpu: 'onnxruntime-node',
  wasm: 'onnxruntime-web',
};

const loaders: Readonly<Record<Provider, () => Promise<Runtime>>> = {
  cpu: () => import('onnxruntime-node'),
  webgpu: () => import('onnxruntime-node'),
  wasm: () => import('onnxruntime-web'),
};

/** @throws UnavailableError where the package is not installed, or its library does not load. */
export async function loadRuntime(provider: Provider): Promise<Runtime> {
  try {
    return await loaders[provider]();
  } catch (error) {
    const name = packages[provider];
    throw new UnavailableError(
      mustBe(`the package ${name}`, 'installed', messageOf(error), `Install it: npm install ${name}.`),
      { cause: error },
    );
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
