/** Activations as exporters write them: one entry for each way that has been seen in models. */
import type { GraphFixture } from './model-fixture.ts';

/** Writes an activation: from the name of its input to the name of its output. */
export type Spelling = (graph: GraphFixture, x: string) => string;

export interface Idiom {
  /** The name in the catalogue. */
  readonly activation: string;
  readonly parameters?: Readonly<Record<string, number>>;
  /** The opset of the models it is seen in; 17 unless given. */
  readonly opset?: number;
  readonly write: Spelling;
}

const c = (graph: GraphFixture, value: number): string => graph.constantNode(value);

/** torch.nn.GELU() before opset 20. */
const gelu: Spelling = (graph, x) => {
  const erf = graph.node('Erf', [graph.node('Div', [x, c(graph, Math.SQRT2)])]);
  const sum = graph.node('Add', [erf, c(graph, 1)]);
  return graph.node('Mul', [graph.node('Mul', [x, sum]), c(graph, 0.5)]);
};

/** Hugging Face's gelu_new. */
const geluTanh: Spelling = (graph, x) => {
  const cube = graph.node('Mul', [graph.node('Pow', [x, c(graph, 3)]), c(graph, 0.044715)]);
  const inner = graph.node('Mul', [graph.node('Add', [x, cube]), c(graph, 0.7978845608028654)]);
  const sum = graph.node('Add', [graph.node('Tanh', [inner]), c(graph, 1)]);
  return graph.node('Mul', [graph.node('Mul', [c(graph, 0.5), x]), sum]);
};

/** x·relu6(x + 3)/6, as MobileNetV3 was first written. */
const hardSwish: Spelling = (graph, x) => {
  const gate = graph.node('Clip', [graph.node('Add', [x, c(graph, 3)]), c(graph, 0), c(graph, 6)]);
  return graph.node('Div', [graph.node('Mul', [x, gate]), c(graph, 6)]);
};

/** torchvision's relu6 from opset 11 on. */
const relu6: Spelling = (graph, x) => graph.node('Clip', [x, c(graph, 0), c(graph, 6)]);

const softplusWrittenOut: Spelling = (graph, x) =>
  graph.node('Log', [graph.node('Add', [graph.node('Exp', [x]), c(graph, 1)])]);

/** Those that models are made of. */
export const spellings = {
  relu: (graph, x) => graph.node('Relu', [x]),
  tanh: (graph, x) => graph.node('Tanh', [x]),
  silu: (graph, x) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]),
  gelu,
  geluTanh,
  hardSwish,
  relu6,
} satisfies Record<string, Spelling>;

export const idioms: Readonly<Record<string, Idiom>> = {
  Relu: { activation: 'relu', write: spellings.relu },
  'Max with 0': { activation: 'relu', write: (graph, x) => graph.node('Max', [x, c(graph, 0)]) },
  Tanh: { activation: 'tanh', write: spellings.tanh },
  Sigmoid: { activation: 'sigmoid', write: (graph, x) => graph.node('Sigmoid', [x]) },
  '1/(1 + Exp(-x))': {
    activation: 'sigmoid',
    write: (graph, x) =>
      graph.node('Div', [c(graph, 1), graph.node('Add', [c(graph, 1), graph.node('Exp', [graph.node('Neg', [x])])])]),
  },

  'Clip of Constants': { activation: 'relu6', write: relu6 },
  'Clip of initializers': {
    activation: 'relu6',
    write: (graph, x) => graph.node('Clip', [x, graph.scalar('low', 0), graph.scalar('high', 6)]),
  },
  'Clip of attributes, before opset 11': {
    activation: 'relu6',
    opset: 10,
    write: (graph, x) => graph.node('Clip', [x], { min: 0, max: 6 }),
  },
  'Clip of Constants that are cast': {
    activation: 'relu6',
    write: (graph, x) => {
      const bounds = [0, 6].map((bound) => graph.node('Cast', [graph.constantNode(bound, 'float64')], { to: 1n }));
      return graph.node('Clip', [x, ...bounds]);
    },
  },
  'Relu and Clip from above, of tf2onnx': {
    activation: 'relu6',
    write: (graph, x) => graph.node('Clip', [graph.node('Relu', [x]), '', c(graph, 6)]),
  },
  'Relu and Min, of tf2onnx': {
    activation: 'relu6',
    write: (graph, x) => graph.node('Min', [graph.node('Relu', [x]), c(graph, 6)]),
  },

  LeakyRelu: {
    activation: 'leakyRelu',
    parameters: { slope: 0.2 },
    write: (graph, x) => graph.node('LeakyRelu', [x], { alpha: 0.2 }),
  },
  'LeakyRelu without its attribute': {
    activation: 'leakyRelu',
    parameters: { slope: 0.01 },
    write: (graph, x) => graph.node('LeakyRelu', [x]),
  },
  'Max of x and a part of it': {
    activation: 'leakyRelu',
    parameters: { slope: 0.1 },
    write: (graph, x) => graph.node('Max', [x, graph.node('Mul', [c(graph, 0.1), x])]),
  },
  'Where x is positive': {
    activation: 'leakyRelu',
    parameters: { slope: 0.3 },
    write: (graph, x) =>
      graph.node('Where', [graph.node('Greater', [x, c(graph, 0)]), x, graph.node('Mul', [x, c(graph, 0.3)])]),
  },
  'PRelu of one slope': {
    activation: 'leakyRelu',
    parameters: { slope: 0.25 },
    write: (graph, x) => graph.node('PRelu', [x, graph.tensor('slope', [1], [0.25])]),
  },
  'two Relus, of Keras': {
    activation: 'leakyRelu',
    parameters: { slope: 0.3 },
    write: (graph, x) => {
      const negative = graph.node('Mul', [c(graph, -0.3), graph.node('Relu', [graph.node('Neg', [x])])]);
      return graph.node('Add', [graph.node('Relu', [x]), negative]);
    },
  },

  Elu: {
    activation: 'elu',
    parameters: { alpha: 0.5 },
    write: (graph, x) => graph.node('Elu', [x], { alpha: 0.5 }),
  },
  'Where x is positive, else Exp(x) - 1': {
    activation: 'elu',
    parameters: { alpha: 1 },
    write: (graph, x) =>
      graph.node('Where', [
        graph.node('Greater', [x, c(graph, 0)]),
        x,
        graph.node('Sub', [graph.node('Exp', [x]), c(graph, 1)]),
      ]),
  },
  Selu: { activation: 'selu', write: (graph, x) => graph.node('Selu', [x]) },
  Celu: {
    activation: 'celu',
    parameters: { alpha: 2 },
    write: (graph, x) => graph.node('Celu', [x], { alpha: 2 }),
  },
  Softplus: { activation: 'softplus', parameters: { beta: 1 }, write: (graph, x) => graph.node('Softplus', [x]) },
  'Softplus of a multiple, of PyTorch': {
    activation: 'softplus',
    parameters: { beta: 2 },
    write: (graph, x) =>
      graph.node('Div', [graph.node('Softplus', [graph.node('Mul', [x, c(graph, 2)])]), c(graph, 2)]),
  },
  'Log(Exp(x) + 1)': { activation: 'softplus', parameters: { beta: 1 }, write: softplusWrittenOut },
  Softsign: { activation: 'softsign', write: (graph, x) => graph.node('Softsign', [x]) },
  'x/(1 + Abs(x))': {
    activation: 'softsign',
    write: (graph, x) => graph.node('Div', [x, graph.node('Add', [graph.node('Abs', [x]), c(graph, 1)])]),
  },

  'Mul of x and Sigmoid': { activation: 'swish', parameters: { beta: 1 }, write: spellings.silu },
  'Mul of Sigmoid and x, of tf2onnx': {
    activation: 'swish',
    parameters: { beta: 1 },
    write: (graph, x) => graph.node('Mul', [graph.node('Sigmoid', [graph.node('Mul', [c(graph, 1), x])]), x]),
  },
  'the quick GELU of CLIP': {
    activation: 'swish',
    parameters: { beta: 1.702 },
    write: (graph, x) => graph.node('Mul', [x, graph.node('Sigmoid', [graph.node('Mul', [x, c(graph, 1.702)])])]),
  },
  "ONNX Runtime's QuickGelu": {
    activation: 'swish',
    parameters: { beta: 1.702 },
    write: (graph, x) => graph.node('QuickGelu', [x], { alpha: 1.702 }, { domain: 'com.microsoft' }),
  },

  HardSigmoid: {
    activation: 'hardSigmoid',
    parameters: { slope: 0.2 },
    write: (graph, x) => graph.node('HardSigmoid', [x]),
  },
  'Clip(x + 3)/6': {
    activation: 'hardSigmoid',
    parameters: { slope: 1 / 6 },
    write: (graph, x) => graph.node('Div', [relu6(graph, graph.node('Add', [x, c(graph, 3)])), c(graph, 6)]),
  },
  "Keras's hard sigmoid": {
    activation: 'hardSigmoid',
    parameters: { slope: 0.2 },
    write: (graph, x) => {
      const line = graph.node('Add', [graph.node('Mul', [x, c(graph, 0.2)]), c(graph, 0.5)]);
      return graph.node('Clip', [line, c(graph, 0), c(graph, 1)]);
    },
  },
  HardSwish: { activation: 'hardSwish', write: (graph, x) => graph.node('HardSwish', [x]) },
  'Mul of x and HardSigmoid, of PyTorch': {
    activation: 'hardSwish',
    write: (graph, x) => graph.node('Mul', [x, graph.node('HardSigmoid', [x], { alpha: 1 / 6 })]),
  },
  'x·Clip(x + 3)/6': { activation: 'hardSwish', write: hardSwish },
  'x·(Clip(x + 3)/6)': {
    activation: 'hardSwish',
    write: (graph, x) =>
      graph.node('Mul', [x, graph.node('Div', [relu6(graph, graph.node('Add', [x, c(graph, 3)])), c(graph, 6)])]),
  },
  'x·Relu6(x + 3)·0.1666…, of Keras': {
    activation: 'hardSwish',
    write: (graph, x) => {
      const clipped = graph.node('Min', [graph.node('Relu', [graph.node('Add', [x, c(graph, 3)])]), c(graph, 6)]);
      return graph.node('Mul', [x, graph.node('Mul', [clipped, c(graph, 1 / 6)])]);
    },
  },

  'GELU of PyTorch': { activation: 'gelu', write: gelu },
  'GELU of PyTorch, by the reciprocal': {
    activation: 'gelu',
    write: (graph, x) => {
      const erf = graph.node('Erf', [graph.node('Mul', [x, c(graph, Math.SQRT1_2)])]);
      const half = graph.node('Mul', [x, c(graph, 0.5)]);
      return graph.node('Mul', [half, graph.node('Add', [c(graph, 1), erf])]);
    },
  },
  'GELU of PyTorch, by a root that is computed and cast': {
    activation: 'gelu',
    opset: 18,
    write: (graph, x) => {
      const root = graph.node('Sqrt', [graph.node('CastLike', [c(graph, 2), x])]);
      const sum = graph.node('Add', [
        graph.node('Erf', [graph.node('Div', [x, root])]),
        graph.node('CastLike', [c(graph, 1), x]),
      ]);
      return graph.node('Mul', [c(graph, 0.5), graph.node('Mul', [x, sum])]);
    },
  },
  'GELU of TensorFlow': {
    activation: 'gelu',
    write: (graph, x) => {
      const erf = graph.node('Erf', [graph.node('Mul', [x, graph.scalar('reciprocal of the root', 0.70710677)])]);
      return graph.node('Mul', [
        graph.node('Mul', [graph.scalar('half', 0.5), x]),
        graph.node('Add', [graph.scalar('one', 1), erf]),
      ]);
    },
  },
  Gelu: { activation: 'gelu', opset: 20, write: (graph, x) => graph.node('Gelu', [x]) },
  "ONNX Runtime's Gelu": {
    activation: 'gelu',
    write: (graph, x) => graph.node('Gelu', [x], {}, { domain: 'com.microsoft' }),
  },
  'GELU by Tanh and Pow': { activation: 'geluTanh', write: geluTanh },
  'GELU by Tanh, of PyTorch': {
    activation: 'geluTanh',
    write: (graph, x) => {
      const cube = graph.node('Mul', [x, graph.node('Mul', [x, x])]);
      const sum = graph.node('Add', [x, graph.node('Mul', [c(graph, 0.044715), cube])]);
      const tanh = graph.node('Tanh', [graph.node('Mul', [c(graph, 0.7978845608028654), sum])]);
      return graph.node('Mul', [c(graph, 0.5), graph.node('Mul', [x, graph.node('Add', [c(graph, 1), tanh])])]);
    },
  },
  "GELU by Tanh, Hugging Face's fast one": {
    activation: 'geluTanh',
    write: (graph, x) => {
      const inner = graph.node('Mul', [x, c(graph, 0.7978845608)]);
      const square = graph.node('Mul', [graph.node('Mul', [x, c(graph, 0.044715)]), x]);
      const tanh = graph.node('Tanh', [graph.node('Mul', [inner, graph.node('Add', [square, c(graph, 1)])])]);
      return graph.node('Mul', [graph.node('Mul', [x, c(graph, 0.5)]), graph.node('Add', [tanh, c(graph, 1)])]);
    },
  },
  'Gelu, approximate': {
    activation: 'geluTanh',
    opset: 20,
    write: (graph, x) => graph.node('Gelu', [x], { approximate: 'tanh' }),
  },
  "ONNX Runtime's FastGelu": {
    activation: 'geluTanh',
    write: (graph, x) => graph.node('FastGelu', [x], {}, { domain: 'com.microsoft' }),
  },

  Mish: { activation: 'mish', opset: 18, write: (graph, x) => graph.node('Mish', [x]) },
  'x·Tanh(Softplus(x))': {
    activation: 'mish',
    write: (graph, x) => graph.node('Mul', [x, graph.node('Tanh', [graph.node('Softplus', [x])])]),
  },
  'x·Tanh(Log(Exp(x) + 1)), of Darknet': {
    activation: 'mish',
    write: (graph, x) => graph.node('Mul', [x, graph.node('Tanh', [softplusWrittenOut(graph, x)])]),
  },
};
