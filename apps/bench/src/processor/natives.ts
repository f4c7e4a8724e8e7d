/** What the frameworks' own operators make of an activation: the shortest program that each of their users can write. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Direction } from '../core/candidate.ts';
import { composedOnnx, hasComposedOnnx } from '../peers/onnx-composed.ts';
import { onnxModel } from '../peers/onnx-graph.ts';
import { composedActivations } from '../peers/tfjs-composed.ts';
import { tfjsOperators } from '../peers/tfjs-operators.ts';

type Tfjs = typeof import('@tensorflow/tfjs-core');

export function tfjsForm(activation: string): ((tf: Tfjs, x: Tensor) => Tensor) | null {
  const composed = composedActivations[activation];
  return tfjsOperators[activation] ?? (composed ? (tf, x) => composed.forward(tf, x) : null);
}

/** Operators of ONNX that are one kernel on the CPU provider. */
const onnxOperators: Readonly<Record<string, string>> = { relu: 'Relu', elu: 'Elu', gelu: 'Gelu' };

/** The graphs to compare with, by what to call them. */
export function onnxForms(
  activation: string,
  direction: Direction,
  shape: readonly number[],
): Record<string, Uint8Array> {
  const forms: Record<string, Uint8Array> = {};
  const operator = onnxOperators[activation];
  const own = (build: Parameters<typeof onnxModel>[2]): Uint8Array => onnxModel(['x'], shape, build);
  if (direction === 'forward' && operator) {
    forms['onnxruntime native'] = own(({ node }) => ({ y: { value: node(operator, 'x'), shape } }));
  }
  if (direction === 'forward' && activation === 'swish') {
    forms['onnxruntime native'] = own(({ node }) => ({ y: { value: node('Mul', 'x', node('Sigmoid', 'x')), shape } }));
  }
  if (hasComposedOnnx(activation)) forms['onnxruntime composed'] = composedOnnx(activation, direction, shape);
  return forms;
}
