/** What the providers of ONNX Runtime can do, for graphs of each form. */
import type { Capabilities } from '@isoact/core';
import type { Form } from '../export/forms.ts';
import { cuda, processor, type Target, webgpu } from '../export/target.ts';
import { isOnGpu, type Provider } from './runtime.ts';

/** What a graph may use on a provider: the native form sums in float32, as the runtime's own operators do. */
export function targetOf(provider: Provider, form: Form): Target {
  if (provider === 'webgpu') return webgpu;
  const target = provider === 'cuda' ? cuda : processor;
  return form === 'native' ? { ...target, arithmetic: 'float32', sums: 'float32' } : target;
}

/** @param half whether the device computes with float16 */
export function capabilities(provider: Provider, form: Form, half: boolean): Capabilities {
  const { sums } = targetOf(provider, form);
  return {
    dtypes: half ? ['float32', 'float16'] : ['float32'],
    // there, Sigmoid makes 0 and Exp infinity of NaN
    nan: provider === 'webgpu' && form === 'native' ? 'any' : 'propagate',
    signedZero: 'any',
    // SwiftShader and many drivers flush them, in comparisons too, and ONNX has no operator that looks at bits
    subnormals: isOnGpu(provider) ? 'any' : 'keep',
    // float32 is summed in blocks, whose depth grows with the logarithm
    sumDepth: sums === 'float64' ? () => 1 : (n) => 64 + Math.ceil(Math.log2(Math.max(n, 1))),
    gradients: true,
  };
}
