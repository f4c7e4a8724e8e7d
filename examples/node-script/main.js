/** An activation of your own: defined in a few lines, checked against float64, run as WebAssembly. */
import { createReference, defineActivation, trainable } from '@isoact/core';
import { runConformance } from '@isoact/core/conformance';
import { mul, sigmoid, vanishingProduct } from '@isoact/core/expression';
import { createBackend, createKernel } from '@isoact/wasm';

// E-swish: swish with a scale of its own. Both gradients of parameters, and that of x, are derived from this.
const eSwish = defineActivation({
  name: 'eSwish',
  parameters: { beta: trainable(1), scale: trainable(1.5) },
  forward: (x, { beta, scale }) => mul(scale, vanishingProduct(x, sigmoid(mul(beta, x)))),
  limits: ({ scale }) => ({ negative: { value: -0, slope: 0 }, positive: { value: Infinity, slope: scale } }),
});

const spec = { shape: [2, 4], dtype: 'float32' };
const x = Float32Array.of(-2, -1, 0, 1, 2, 3, 4, 5);
const upstream = { y: new Float32Array(8).fill(1) };

const kernel = createKernel(eSwish({ scale: 2 }), spec);
const { y } = kernel.forward({ x });
const gradient = kernel.vjp({ x, upstream });
console.log('y        ', [...y]);
console.log('gradient ', [...gradient.x]);
console.log('of scale ', [...gradient.parameters.scale]);

// The same in float64, which is what every backend is held to.
const exact = createReference(eSwish({ scale: 2 }), { shape: spec.shape }).forward({ x });
const error = Math.max(...y.map((value, index) => Math.abs(value - exact.y[index])));
console.log(`largest error: ${error.toExponential(1)}`);

// And the suite, over all that may go wrong: NaN, infinities, tails, sums, layouts.
const report = await runConformance(await createBackend(), { activations: [eSwish], quick: true });
console.log(`conformance: ${report.passed ? 'passed' : 'failed'}, ${report.totals.cases} cases`);
