/** What each backend of tfjs claims; the conformance suite probes every claim. */
import type { Capabilities } from '@isoact/core';
import type { BackendName } from './peers.ts';

/** Generated JavaScript computes in float64 and rounds once, at the end. */
const javascript: Capabilities = {
  dtypes: ['float32'],
  nan: 'propagate',
  signedZero: 'any',
  subnormals: 'keep',
  sumDepth: () => 1,
  gradients: true,
};

/**
 * Generated WebAssembly computes in float32, and sums in float64; a product whose factor is subnormal has that factor's
 * few digits.
 */
const simd: Capabilities = {
  ...javascript,
  subnormals: 'any',
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
  cpu: javascript,
  wasm: simd,
  webgl: gpu,
  webgpu: gpu,
};
