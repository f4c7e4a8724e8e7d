/** Models of the kinds that people have, each with the places of its activations. */
import { GraphFixture } from './model-fixture.ts';

/** Writes an activation: from the name of its input to the name of its output. */
export type Spelling = (graph: GraphFixture, x: string) => string;

export const spellings = {
  relu: (graph, x) => graph.node('Relu', [x]),
  tanh: (graph, x) => graph.node('Tanh', [x]),
  /** torchvision's relu6 from opset 11 on. */
  relu6: (graph, x) => graph.node('Clip', [x, graph.constantNode(0), graph.constantNode(6)]),
  silu: (graph, x) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]),
  /** torch.nn.GELU() before opset 20. */
  gelu: (graph, x) => {
    const root = graph.constantNode(Math.SQRT2);
    const erf = graph.node('Erf', [graph.node('Div', [x, root])]);
    const sum = graph.node('Add', [erf, graph.constantNode(1)]);
    return graph.node('Mul', [graph.node('Mul', [x, sum]), graph.constantNode(0.5)]);
  },
  /** Hugging Face's gelu_new. */
  geluTanh: (graph, x) => {
    const cube = graph.node('Mul', [graph.node('Pow', [x, graph.constantNode(3)]), graph.constantNode(0.044715)]);
    const inner = graph.node('Mul', [graph.node('Add', [x, cube]), graph.constantNode(0.7978845608028654)]);
    const sum = graph.node('Add', [graph.node('Tanh', [inner]), graph.constantNode(1)]);
    return graph.node('Mul', [graph.node('Mul', [graph.constantNode(0.5), x]), sum]);
  },
  hardSwish: (graph, x) => {
    const gate = graph.node('Clip', [
      graph.node('Add', [x, graph.constantNode(3)]),
      graph.constantNode(0),
      graph.constantNode(6),
    ]);
    return graph.node('Div', [graph.node('Mul', [x, gate]), graph.constantNode(6)]);
  },
  mish: (graph, x) => graph.node('Mul', [x, graph.node('Tanh', [graph.node('Softplus', [x])])]),
  quickGelu: (graph, x) => {
    const gate = graph.node('Sigmoid', [graph.node('Mul', [x, graph.constantNode(1.702)])]);
    return graph.node('Mul', [x, gate]);
  },
  leakyRelu: (graph, x) => graph.node('LeakyRelu', [x], { alpha: 0.2 }),
} satisfies Record<string, Spelling>;

/** A model, as its exporter writes it, or with one activation in the place of all of its own. */
export interface ExampleModel {
  readonly build: (act?: Spelling) => Uint8Array<ArrayBuffer>;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** Names of its activations in the catalogue, in order. */
  readonly activations: readonly string[];
}

/** Two residual blocks and a head. */
export function residualNetwork(act: Spelling = spellings.relu): Uint8Array<ArrayBuffer> {
  const graph = new GraphFixture();
  let x = graph.input('image', ['batch', 3, 8, 8]);
  const convolution = (from: string, name: string, channels: readonly [number, number]): string =>
    graph.node('Conv', [from, graph.weight(name, [channels[1], channels[0], 3, 3], 9 * channels[0])], {
      kernel_shape: [3, 3],
      pads: [1, 1, 1, 1],
    });
  x = act(graph, convolution(x, 'stem', [3, 4]));
  for (const block of ['one', 'two']) {
    const inner = act(graph, convolution(x, `${block}.a`, [4, 4]));
    x = act(graph, graph.node('Add', [convolution(inner, `${block}.b`, [4, 4]), x]));
  }
  const pooled = graph.node('Flatten', [graph.node('GlobalAveragePool', [x])], { axis: 1n });
  graph.node('Gemm', [pooled, graph.weight('head', [4, 2], 4)], {}, { output: 'logits' });
  graph.output('logits', ['batch', 2]);
  return graph.model();
}

/** An inverted residual block: relu6 as Clip, and a linear bottleneck. */
function mobileNetwork(act?: Spelling): Uint8Array<ArrayBuffer> {
  const clip = act ?? spellings.relu6;
  const graph = new GraphFixture();
  const image = graph.input('image', ['batch', 4, 6, 6]);
  const wide = clip(graph, graph.node('Conv', [image, graph.weight('expand', [8, 4, 1, 1], 4)]));
  const depthwise = graph.node('Conv', [wide, graph.weight('depthwise', [8, 1, 3, 3], 9)], {
    group: 8n,
    pads: [1, 1, 1, 1],
  });
  const narrow = graph.node('Conv', [clip(graph, depthwise), graph.weight('project', [4, 8, 1, 1], 8)]);
  const sum = graph.node('Add', [image, narrow]);
  graph.node('Identity', [(act ?? spellings.hardSwish)(graph, sum)], {}, { output: 'features' });
  graph.output('features', ['batch', 4, 6, 6]);
  return graph.model({ opset: 13, irVersion: 7 });
}

/** A feed-forward block with either spelling of GELU, one after the other. */
export function transformerBlock(act?: Spelling): Uint8Array<ArrayBuffer> {
  const graph = new GraphFixture();
  let x = graph.input('tokens', ['batch', 'sequence', 8]);
  for (const [name, gelu] of [
    ['first', spellings.gelu],
    ['second', spellings.geluTanh],
  ] as const) {
    const normal = graph.node('LayerNormalization', [x, graph.weight(`${name}.scale`, [8])], { axis: -1n });
    const wide = graph.node('MatMul', [normal, graph.weight(`${name}.in`, [8, 16], 8)]);
    const narrow = graph.node('MatMul', [(act ?? gelu)(graph, wide), graph.weight(`${name}.out`, [16, 8], 16)]);
    x = graph.node('Add', [x, narrow]);
  }
  graph.node('Identity', [x], {}, { output: 'hidden' });
  graph.output('hidden', ['batch', 'sequence', 8]);
  return graph.model();
}

/** A Loop whose body holds an If, with activations in each; the branches read values from around them. */
function controlFlow(act?: Spelling): Uint8Array<ArrayBuffer> {
  const branch = (name: string, own: Spelling): GraphFixture => {
    const inner = new GraphFixture();
    inner.node('Identity', [(act ?? own)(inner, 'scaled')], {}, { output: `${name}_result` });
    inner.output(`${name}_result`, ['n']);
    return inner;
  };
  const body = new GraphFixture();
  body.input('iteration', [], 'int64');
  body.input('condition_in', [], 'bool');
  body.input('state', ['n']);
  body.node('Mul', ['state', 'factor'], {}, { output: 'scaled' });
  const isFirst = body.node('Equal', ['iteration', body.scalar('zero', 0, 'int64')]);
  const chosen = body.node('If', [isFirst], {
    then_branch: branch('then', spellings.relu).graph('then'),
    else_branch: branch('else', spellings.silu).graph('else'),
  });
  body.node('Identity', [(act ?? spellings.tanh)(body, chosen)], {}, { output: 'next' });
  body.node('Identity', ['condition_in'], {}, { output: 'condition_out' });
  body.output('condition_out', [], 'bool');
  body.output('next', ['n']);

  const graph = new GraphFixture();
  const x = graph.input('x', ['n']);
  graph.scalar('factor', 1.5);
  const trips = graph.scalar('trips', 2, 'int64');
  const go = graph.scalar('go', 1, 'bool');
  graph.node('Loop', [trips, go, x], { body: body.graph('body') }, { output: 'looped' });
  graph.node('Identity', [(act ?? spellings.relu)(graph, 'looped')], {}, { output: 'y' });
  graph.output('y', ['n']);
  return graph.model();
}

/** A quantised layer: DequantizeLinear, Conv, Relu, QuantizeLinear. */
function quantisedNetwork(act: Spelling = spellings.relu): Uint8Array<ArrayBuffer> {
  const graph = new GraphFixture();
  const image = graph.input('image', [1, 2, 5, 5]);
  const quantise = (x: string, name: string): string => {
    const parameters = [graph.scalar(`${name}.scale`, 0.05), graph.scalar(`${name}.zero`, 0, 'int8')];
    return graph.node('DequantizeLinear', [graph.node('QuantizeLinear', [x, ...parameters]), ...parameters]);
  };
  const weights = graph.tensor(
    'weights',
    [3, 2, 3, 3],
    Int8Array.from({ length: 54 }, (_, k) => ((k * 37) % 41) - 20),
    'int8',
  );
  const dequantised = graph.node('DequantizeLinear', [
    weights,
    graph.scalar('w.scale', 0.02),
    graph.scalar('w.zero', 0, 'int8'),
  ]);
  const conv = graph.node('Conv', [quantise(image, 'in'), dequantised]);
  graph.node('Identity', [quantise(act(graph, conv), 'out')], {}, { output: 'y' });
  graph.output('y', [1, 3, 3, 3]);
  return graph.model();
}

export const exampleModels: Readonly<Record<string, ExampleModel>> = {
  'a residual network': {
    build: residualNetwork,
    inputs: { image: [2, 3, 8, 8] },
    activations: ['relu', 'relu', 'relu', 'relu', 'relu'],
  },
  'a mobile network': {
    build: mobileNetwork,
    inputs: { image: [1, 4, 6, 6] },
    activations: ['relu6', 'relu6', 'hardSwish'],
  },
  'a transformer block': {
    build: transformerBlock,
    inputs: { tokens: [2, 3, 8] },
    activations: ['gelu', 'geluTanh'],
  },
  'a Loop with an If': {
    build: controlFlow,
    inputs: { x: [5] },
    activations: ['relu', 'tanh', 'relu', 'swish'],
  },
  'a quantised network': { build: quantisedNetwork, inputs: { image: [1, 2, 5, 5] }, activations: ['relu'] },
};
