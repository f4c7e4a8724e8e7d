/**
 * ONNX Runtime as a library that is loaded when it is first needed, in Node: `onnxruntime-node` for the providers cpu and
 * webgpu, `onnxruntime-web` for wasm. In a browser the caller passes the module, so that a bundler sees one import, of
 * the build that is wanted, and never Node's.
 */
import { mustBe, UnavailableError } from '@isoact/core';
import type { Env, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common';

/** In Node, `cpu`, `webgpu` and `cuda` are those of `onnxruntime-node`, and `wasm` is `onnxruntime-web`. */
export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'wasm';

export const providers: readonly Provider[] = ['cpu', 'webgpu', 'cuda', 'wasm'];
/** The providers whose work must not fall back to the CPU. */
export const isOnGpu = (provider: Provider): boolean => provider === 'webgpu' || provider === 'cuda';

/** What is used of `onnxruntime-node` or `onnxruntime-web`; both modules fit. */
export interface Runtime {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
  readonly env: Env;
}

const nodePackages: Readonly<Record<Provider, string>> = {
  cpu: 'onnxruntime-node',
  webgpu: 'onnxruntime-node',
  cuda: 'onnxruntime-node',
  wasm: 'onnxruntime-web',
};

export const isNode: boolean = globalThis.process?.versions?.node !== undefined;

/** @throws UnavailableError where the package is not installed, its library does not load, or this is no Node. */
export async function loadRuntime(provider: Provider): Promise<Runtime> {
  if (!isNode) {
    const entry = provider === 'webgpu' ? 'onnxruntime-web/webgpu' : 'onnxruntime-web/wasm';
    const remedy = `Pass runtime: await import('${entry}').`;
    throw new UnavailableError(mustBe('the option runtime', 'given in a browser', undefined, remedy));
  }
  const name = nodePackages[provider];
  try {
    // the name is no literal, so bundlers leave it alone
    return (await import(/* @vite-ignore */ name)) as Runtime;
  } catch (error) {
    throw new UnavailableError(
      mustBe(`the package ${name}`, 'installed', messageOf(error), `Install it: npm install ${name}.`),
      { cause: error },
    );
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
