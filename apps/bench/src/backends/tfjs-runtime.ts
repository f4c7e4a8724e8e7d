/**
 * TensorFlow.js as a process shares it: one library, one backend current at a time. Ours and the composed peers run on
 * the same instance, and on the same GPU device.
 */
// Registers the gradients of tfjs's operators, which tfjs-core does not by itself.
import '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';

export type TfjsBackend = 'cpu' | 'wasm' | 'webgl' | 'webgpu';
export const tfjs: typeof tf = tf;

// As a trained program runs: without the checks and the advice that are meant for development.
tf.enableProdMode();

/** Loads a backend and makes it ready. @throws where it is not installed or has no device. */
export async function loadTfjsBackend(name: TfjsBackend): Promise<void> {
  if (name === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  else if (name === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  else if (name === 'webgl') await import('@tensorflow/tfjs-backend-webgl');
  else await loadWebgpu();
  if (!(await tf.setBackend(name))) throw new Error(`the tfjs backend ${name} must start (did not)`);
  await tf.ready();
}

/** Wants `navigator.gpu` to be there already: tfjs looks for it while it is imported. */
async function loadWebgpu(): Promise<void> {
  await import('@tensorflow/tfjs-backend-webgpu');
  // Small tensors would run on the CPU, whatever the backend is called.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
}

/** Makes a loaded backend current. */
export async function useTfjsBackend(name: TfjsBackend): Promise<void> {
  if (tf.getBackend() !== name) await tf.setBackend(name);
}

/**
 * Reads one value, which a queue gives only when all work before it is done. What lies in the processor's memory is done
 * already, and tfjs-wasm would copy all of it to give one value.
 */
export async function awaitTensor(tensor: tf.Tensor): Promise<void> {
  if (placeOf(tensor) === 'cpu') return;
  const first = tf.tidy(() => tf.slice(tf.reshape(tensor, [tensor.size]), 0, 1));
  await first.data();
  first.dispose();
}

/** tfjs keeps a tensor's values on the CPU or on the GPU; its types do not show which. */
interface TensorHolder {
  /** Of the webgpu backend. */
  readonly tensorMap?: { get(id: object): { readonly resource?: object } | undefined };
  /** Of the webgl backend. */
  readonly texData?: { get(id: object): { readonly texture?: object } | undefined };
}

/** Where a tensor of the current backend lives. */
export function placeOf(tensor: tf.Tensor): 'cpu' | 'gpu' {
  const { tensorMap, texData }: TensorHolder = tf.backend() as TensorHolder;
  return tensorMap?.get(tensor.dataId)?.resource || texData?.get(tensor.dataId)?.texture ? 'gpu' : 'cpu';
}
