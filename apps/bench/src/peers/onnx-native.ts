/** Activations that ONNX has an operator for, as a model of that one node: what a runtime can do at its best. */
import type { BenchDtype } from '../core/dtypes.ts';
import { onnxModel, throughout } from './onnx-graph.ts';

interface NativeOperator {
  readonly operator: string;
  readonly attributes?: Readonly<Record<string, number>>;
}

/** By name, for the default parameters of the catalogue. */
const operators: Readonly<Record<string, NativeOperator>> = {
  relu: { operator: 'Relu' },
  leakyRelu: { operator: 'LeakyRelu', attributes: { alpha: 0.01 } },
  elu: { operator: 'Elu' },
  selu: { operator: 'Selu' },
  celu: { operator: 'Celu' },
  sigmoid: { operator: 'Sigmoid' },
  tanh: { operator: 'Tanh' },
  softplus: { operator: 'Softplus' },
  softsign: { operator: 'Softsign' },
  hardSigmoid: { operator: 'HardSigmoid', attributes: { alpha: 1 / 6, beta: 0.5 } },
  hardSwish: { operator: 'HardSwish' },
  gelu: { operator: 'Gelu' },
  mish: { operator: 'Mish' },
};

export const hasNativeOnnx = (activation: string): boolean => Object.hasOwn(operators, activation);

/** A model y = f(x). @throws RangeError for an activation without an operator. */
export function nativeOnnx(activation: string, shape: readonly number[], dtype: BenchDtype): Uint8Array {
  const native = Object.hasOwn(operators, activation) ? operators[activation] : undefined;
  if (!native) {
    throw new RangeError(`A native operator must be of ${Object.keys(operators).join(', ')} (was ${activation}).`);
  }
  const { operator, attributes } = native;
  return onnxModel(
    ['x'],
    shape,
    (writer) => ({ y: { value: writer.withNumbers(operator, attributes ?? {}, 'x'), shape } }),
    throughout(dtype),
  );
}
