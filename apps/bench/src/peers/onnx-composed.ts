/**
 * The activations as ONNX graphs that PyTorch's exporter would give: the forward as the module is written, the vjp as
 * autograd's own operators, its forward part included.
 */
import type { Direction } from '../core/candidate.ts';
import { type GraphOutput, type GraphWriter, onnxModel, type Precision, throughout } from './onnx-graph.ts';

type Shape = readonly number[];
type Build = (writer: GraphWriter, shape: Shape) => Readonly<Record<string, GraphOutput>>;

const lastAxis = [-1] as const;

interface VeluParts {
  readonly statistic: string;
  readonly tanh: string;
  readonly adaptation: string;
  readonly scaled: string;
  readonly gate: string;
  readonly product: string;
}

/** Its parameters: α, β and γ have one value. */
const veluNumbers = ({ parameter }: GraphWriter) => ({
  tenth: parameter(0.1),
  gain: parameter(0.9),
  epsilon: parameter(1e-6),
});

function veluParts(writer: GraphWriter): VeluParts {
  const { node, reduce, scalar } = writer;
  const { tenth, gain, epsilon } = veluNumbers(writer);
  const mean = reduce('ReduceMean', node('Mul', 'x', 'x'), lastAxis);
  const statistic = node('Reciprocal', node('Sqrt', node('Add', mean, scalar(epsilon))));
  const tanh = node('Tanh', node('Mul', statistic, scalar(gain)));
  const adaptation = node('Add', node('Mul', tanh, scalar(tenth)), scalar(1));
  const scaled = node('Mul', 'x', scalar(tenth));
  const angle = node('Add', node('Atan', scaled), node('Asin', node('Clip', scaled, scalar(-1), scalar(1))));
  const gate = node('Sigmoid', node('Mul', angle, scalar(tenth)));
  return { statistic, tanh, adaptation, scaled, gate, product: node('Mul', 'x', gate) };
}

const velu: Build = (writer, shape) => {
  const { product, adaptation } = veluParts(writer);
  const scaled = writer.node('Mul', product, adaptation);
  return { y: { value: writer.node('Mul', scaled, writer.scalar(1)), shape } };
};

const veluVjp: Build = (writer, shape) => {
  const { node, reduce, scalar } = writer;
  const { tenth, gain } = veluNumbers(writer);
  const { statistic, tanh, adaptation, scaled, gate, product } = veluParts(writer);
  const one = scalar(1);
  const less = (value: string) => node('Sub', one, value);
  const upstreamProduct = node('Mul', 'upstream', product);
  const lambda = reduce('ReduceSum', node('Mul', upstreamProduct, adaptation), 'all');
  // Through the gate.
  const square = node('Mul', scaled, scaled);
  const arctangent = node('Reciprocal', node('Add', square, one));
  const arcsine = node('Where', node('Less', square, one), node('Reciprocal', node('Sqrt', less(square))), scalar(0));
  const slope = node('Mul', node('Add', arctangent, arcsine), scalar(tenth * tenth));
  const gateSlope = node('Mul', node('Mul', gate, less(gate)), slope);
  const local = node('Add', gate, node('Mul', 'x', gateSlope));
  const direct = node('Mul', node('Mul', 'upstream', adaptation), local);
  // Through the statistic: -x·S³/n per unit of it.
  const total = reduce('ReduceSum', upstreamProduct, lastAxis);
  const steepness = node('Mul', less(node('Mul', tanh, tanh)), scalar((-tenth * gain) / (shape.at(-1) ?? 1)));
  const cube = node('Mul', node('Mul', statistic, statistic), statistic);
  const weight = node('Mul', node('Mul', total, steepness), cube);
  const gradient = node('Add', direct, node('Mul', 'x', weight));
  return { x_gradient: { value: gradient, shape }, lambda: { value: lambda, shape: [] } };
};

/** Counted in float32 whatever the tensors are: float16 counts to 2048. */
function keepsNegative({ node, reduce, scalar, cast }: GraphWriter): string {
  const zero = scalar(0);
  const countOf = (condition: string) => reduce('ReduceSum', cast(node(condition, 'x', zero), 'float32'), 'all');
  return node('Greater', countOf('Greater'), countOf('Less'));
}

const adaRelu: Build = (writer, shape) => {
  const { node, scalar } = writer;
  const zero = scalar(0);
  return { y: { value: node('Where', keepsNegative(writer), node('Min', 'x', zero), node('Max', 'x', zero)), shape } };
};

const adaReluVjp: Build = (writer, shape) => {
  const { node, scalar } = writer;
  const zero = scalar(0);
  const masked = (condition: string) => node('Where', node(condition, 'x', zero), 'upstream', zero);
  return { x_gradient: { value: node('Where', keepsNegative(writer), masked('Less'), masked('Greater')), shape } };
};

const distribution = ({ node, scalar }: GraphWriter): string =>
  node('Mul', node('Add', node('Erf', node('Mul', 'x', scalar(Math.SQRT1_2))), scalar(1)), scalar(0.5));

const gelu: Build = (writer, shape) => ({ y: { value: writer.node('Mul', 'x', distribution(writer)), shape } });

const geluVjp: Build = (writer, shape) => {
  const { node, scalar } = writer;
  const exponential = node('Exp', node('Mul', node('Mul', 'x', 'x'), scalar(-0.5)));
  const density = node('Mul', exponential, scalar(1 / Math.sqrt(2 * Math.PI)));
  const slope = node('Add', distribution(writer), node('Mul', 'x', density));
  return { x_gradient: { value: node('Mul', 'upstream', slope), shape } };
};

const builders: Readonly<Record<string, Readonly<Record<Direction, Build>>>> = {
  velu: { forward: velu, vjp: veluVjp },
  adaRelu: { forward: adaRelu, vjp: adaReluVjp },
  gelu: { forward: gelu, vjp: geluVjp },
};

export const hasComposedOnnx = (activation: string): boolean => activation in builders;

/** A model with inputs x and, for a vjp, upstream; outputs y, or x_gradient and the parameters'. */
export function composedOnnx(
  activation: string,
  direction: Direction,
  shape: Shape,
  precision: Precision = throughout('float32'),
): Uint8Array {
  const build = builders[activation]?.[direction];
  if (!build)
    throw new RangeError(
      `A composed ONNX graph must be one of ${Object.keys(builders).join(', ')} (was ${activation}).`,
    );
  return onnxModel(
    direction === 'forward' ? ['x'] : ['x', 'upstream'],
    shape,
    (writer) => build(writer, shape),
    precision,
  );
}
