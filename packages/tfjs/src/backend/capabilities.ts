/** What each backend of tfjs claims; the conformance suite probes every claim. */
import type { Capabilities } from '@isoact/core';
import type { BackendName } from './peers.ts';

/** Generated JavaScript computes in float64; generated WebAssembly in float32, but sums in float64 too. */
const processor: Capabilities = {
  dtypes: ['float32'],
  nan: 'propagate',
  signedZero: 'any',
  subnormals: 'keep',
  sumDepth: () => 1,
  gradients: true,
};

const gpu: Capabilities = {
  dtypes: ['float32'],
  nan: 'propagate',
  signedZero: 'any',
  subnormals: 'any',
  sumDepth: (n) => 64 + Math.ceil(Math.log2(Math.max(n, 2))),
  gradients: true,
};

export const capabilities: Readonly<Record<BackendName, Capabilities>> = {
  cpu: processor,
  wasm: processor,
  webgl: gpu,
  webgpu: gpu,
};
