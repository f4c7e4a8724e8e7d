/** The runtime's own operator for a whole activation, where its opset has one. */
import {
  type Activation,
  celu,
  elu,
  gelu,
  geluTanh,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  mish,
  prelu,
  relu,
  relu6,
  selu,
  sigmoid,
  softplus,
  softsign,
  swish,
  tanh,
} from '@isoact/core';
import type { AttributeValue, NodeMessage, TensorMessage } from '../onnx/messages.ts';
import type { Target } from './target.ts';

type Parameters = Readonly<Record<string, number>>;

interface NativeOperator {
  readonly define: () => Activation;
  readonly operator: string;
  readonly since: number;
  /** Undefined for parameters that the operator does not have. */
  readonly attributes?: (parameters: Parameters) => Readonly<Record<string, AttributeValue>> | undefined;
  /** Further inputs: tensors of one value. */
  readonly inputs?: (parameters: Parameters) => readonly number[];
}

const alpha = (parameters: Parameters): Readonly<Record<string, AttributeValue>> => ({
  alpha: parameters.alpha as number,
});

const operators: Readonly<Record<string, NativeOperator>> = {
  relu: { define: relu, operator: 'Relu', since: 6 },
  relu6: { define: relu6, operator: 'Clip', since: 11, inputs: () => [0, 6] },
  leakyRelu: {
    define: leakyRelu,
    operator: 'LeakyRelu',
    since: 6,
    attributes: ({ slope }) => ({ alpha: slope as number }),
  },
  prelu: { define: prelu, operator: 'PRelu', since: 7, inputs: ({ slope }) => [slope as number] },
  elu: { define: elu, operator: 'Elu', since: 6, attributes: alpha },
  selu: {
    define: selu,
    operator: 'Selu',
    since: 6,
    attributes: ({ alpha, lambda }) => ({ alpha: alpha as number, gamma: lambda as number }),
  },
  celu: { define: celu, operator: 'Celu', since: 12, attributes: alpha },
  sigmoid: { define: sigmoid, operator: 'Sigmoid', since: 6 },
  tanh: { define: tanh, operator: 'Tanh', since: 6 },
  softplus: {
    define: softplus,
    operator: 'Softplus',
    since: 1,
    attributes: ({ beta }) => (beta === 1 ? {} : undefined),
  },
  softsign: { define: softsign, operator: 'Softsign', since: 1 },
  hardSigmoid: {
    define: hardSigmoid,
    operator: 'HardSigmoid',
    since: 6,
    attributes: ({ slope }) => ({ alpha: slope as number, beta: 0.5 }),
  },
  hardSwish: { define: hardSwish, operator: 'HardSwish', since: 14 },
  swish: { define: swish, operator: 'Swish', since: 24, attributes: ({ beta }) => ({ alpha: beta as number }) },
  gelu: { define: gelu, operator: 'Gelu', since: 20 },
  geluTanh: { define: geluTanh, operator: 'Gelu', since: 20, attributes: () => ({ approximate: 'tanh' }) },
  mish: { define: mish, operator: 'Mish', since: 18 },
};

export interface NativePlace {
  readonly name: string;
  readonly input: string;
  readonly output: string;
}

/** Whether the operator of that name has no part of the activation's parameters, so that it serves for any of them. */
export const isFree = ({ parameters }: Activation): boolean => Object.keys(parameters).length === 0;

/** One node, with its constants; undefined where the opset has no operator for this activation. */
export function nativeNode(
  activation: Activation,
  {
    opset,
    dtype,
    constants,
    target,
  }: {
    readonly opset: number;
    readonly dtype: string;
    readonly constants?: string | undefined;
    readonly target: Target;
  },
  { name, input, output }: NativePlace,
): { readonly nodes: readonly NodeMessage[]; readonly initializers: readonly TensorMessage[] } | undefined {
  const native = Object.hasOwn(operators, activation.name) ? operators[activation.name] : undefined;
  if (!native || opset < native.since || target.lacks.has(native.operator) || !isOwn(activation, native)) {
    return undefined;
  }
  const attributes = native.attributes ? native.attributes(activation.parameters) : {};
  const values = native.inputs?.(activation.parameters) ?? [];
  const type = dtype === 'float16' || dtype === 'float64' ? dtype : 'float32';
  if (!attributes || (values.length > 0 && (dtype === 'any' || constants === 'nodes'))) return undefined;
  const initializers = values.map((value, position): TensorMessage => {
    return { name: `${name}/input_${position + 1}`, type, shape: [], values: [value] };
  });
  const inputs = [input, ...initializers.map((tensor) => tensor.name)];
  const node: NodeMessage = { name, operator: native.operator, inputs, outputs: [output], attributes };
  return { nodes: [node], initializers };
}

/** A user's activation may bear a name of ours; the graph tells, as equal ones are the same object. */
const isOwn = ({ forward }: Activation, { define }: NativeOperator): boolean =>
  forward.y.length === 1 && define().forward.y[0] === forward.y[0];
