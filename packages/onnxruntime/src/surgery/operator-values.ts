/** What elementwise ONNX operators compute, in float64: enough to tell which function a few nodes are together. */
import { float64Functions } from '@isoact/core/plan';
import type { ModelNode } from './model.ts';

const { sigmoid, softplus, erf, erfc } = float64Functions;

/** The attribute, or what the operator's specification gives in its absence. */
const attribute = (node: ModelNode, name: string, absent: number): number => node.attributes.get(name)?.float ?? absent;

type Evaluate = (values: readonly number[], node: ModelNode) => number;

const unary =
  (f: (t: number) => number): Evaluate =>
  ([t]) =>
    f(t as number);
const binary =
  (f: (a: number, b: number) => number): Evaluate =>
  ([a, b]) =>
    f(a as number, b as number);
const test = (f: (a: number, b: number) => boolean): Evaluate => binary((a, b) => Number(f(a, b)));
const expm1Scaled = (t: number, alpha: number): number => (t > 0 ? t : alpha * Math.expm1(t));

const gelu = (t: number): number => 0.5 * t * erfc(-t * Math.SQRT1_2);
const geluTanh = (t: number): number => 0.5 * t * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (t + 0.044715 * t ** 3)));

const standard: Readonly<Record<string, Evaluate>> = {
  Abs: unary(Math.abs),
  Add: binary((a, b) => a + b),
  And: test((a, b) => a !== 0 && b !== 0),
  Celu: ([t], node) => {
    const alpha = attribute(node, 'alpha', 1);
    return Math.max(t as number, 0) + Math.min(0, alpha * Math.expm1((t as number) / alpha));
  },
  Clip: ([t, low, high], node) => {
    const bounds = [low ?? attribute(node, 'min', -Infinity), high ?? attribute(node, 'max', Infinity)] as const;
    return Math.min(Math.max(t as number, bounds[0]), bounds[1]);
  },
  Div: binary((a, b) => a / b),
  Elu: ([t], node) => expm1Scaled(t as number, attribute(node, 'alpha', 1)),
  Equal: test((a, b) => a === b),
  Erf: unary(erf),
  Exp: unary(Math.exp),
  Gelu: ([t], node) => (node.attributes.get('approximate')?.text === 'tanh' ? geluTanh : gelu)(t as number),
  Greater: test((a, b) => a > b),
  GreaterOrEqual: test((a, b) => a >= b),
  HardSigmoid: ([t], node) =>
    Math.min(Math.max(attribute(node, 'alpha', 0.2) * (t as number) + attribute(node, 'beta', 0.5), 0), 1),
  HardSwish: unary((t) => t * Math.min(Math.max(t / 6 + 0.5, 0), 1)),
  Identity: unary((t) => t),
  LeakyRelu: ([t], node) => ((t as number) < 0 ? attribute(node, 'alpha', 0.01) * (t as number) : (t as number)),
  Less: test((a, b) => a < b),
  LessOrEqual: test((a, b) => a <= b),
  Log: unary(Math.log),
  Max: (values) => Math.max(...values),
  Min: (values) => Math.min(...values),
  Mish: unary((t) => t * Math.tanh(softplus(t))),
  Mul: binary((a, b) => a * b),
  Neg: unary((t) => -t),
  Not: unary((t) => Number(t === 0)),
  Or: test((a, b) => a !== 0 || b !== 0),
  PRelu: binary((t, slope) => (t < 0 ? slope * t : t)),
  Pow: binary((a, b) => a ** b),
  Reciprocal: unary((t) => 1 / t),
  Relu: unary((t) => Math.max(t, 0)),
  Selu: ([t], node) =>
    attribute(node, 'gamma', 1.0507009873554805) *
    expm1Scaled(t as number, attribute(node, 'alpha', 1.6732632423543772)),
  Sigmoid: unary(sigmoid),
  Softplus: unary(softplus),
  Softsign: unary((t) => t / (1 + Math.abs(t))),
  Sqrt: unary(Math.sqrt),
  Sub: binary((a, b) => a - b),
  Swish: ([t], node) => (t as number) * sigmoid(attribute(node, 'alpha', 1) * (t as number)),
  Tanh: unary(Math.tanh),
  ThresholdedRelu: ([t], node) => ((t as number) > attribute(node, 'alpha', 1) ? (t as number) : 0),
  Where: ([condition, a, b]) => (condition ? a : b) as number,
};

/** The fused operators that ONNX Runtime's optimiser writes into models. */
const microsoft: Readonly<Record<string, Evaluate>> = {
  Gelu: unary(gelu),
  FastGelu: ([t, bias]) => geluTanh((t as number) + (bias ?? 0)),
  QuickGelu: ([t], node) => (t as number) * sigmoid(attribute(node, 'alpha', 1.702) * (t as number)),
};

const domains: Readonly<Record<string, Readonly<Record<string, Evaluate>>>> = {
  '': standard,
  'com.microsoft': microsoft,
};

/** The operators that are no sum, product or power: without one of them, no activation is there. */
const straight = new Set(['Add', 'Div', 'Identity', 'Mul', 'Neg', 'Pow', 'Reciprocal', 'Sqrt', 'Sub']);

/** What the node computes of each element, if that is known. */
export function evaluatorOf(node: ModelNode): Evaluate | undefined {
  const operators = Object.hasOwn(domains, node.domain) ? domains[node.domain] : undefined;
  const found = operators && Object.hasOwn(operators, node.operator) ? operators[node.operator] : undefined;
  const plain = node.outputs.length === 1 && ![...node.attributes.values()].some(({ reference }) => reference);
  return plain ? found : undefined;
}

export const isStraight = ({ operator, domain }: ModelNode): boolean => domain === '' && straight.has(operator);
