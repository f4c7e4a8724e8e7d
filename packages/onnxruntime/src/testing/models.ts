/** Models of the kinds that people have, each with the places of its activations. */
import { create } from '@bufbuild/protobuf';
import { FunctionProtoSchema, OperatorSetIdProtoSchema } from 'onnx-buf';
import { GraphFixture } from './model-fixture.ts';
import { idioms, type Spelling, spellings } from './spellings.ts';

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
  const normal = graph.node('BatchNormalization', [
    convolution(x, 'stem', [3, 4]),
    ...['scale', 'shift', 'mean'].map((name) => graph.weight(`stem.${name}`, [4])),
    graph.tensor('stem.variance', [4], [1, 2, 3, 4]),
  ]);
  x = act(graph, normal);
  for (const block of ['one', 'two']) {
    const inner = act(graph, convolution(x, `${block}.a`, [4, 4]));
    x = act(graph, graph.node('Add', [convolution(inner, `${block}.b`, [4, 4]), x]));
  }
  const pooled = graph.node('Flatten', [graph.node('GlobalAveragePool', [x])], { axis: 1n });
  graph.node('Gemm', [pooled, graph.weight('head', [4, 2], 4)], {}, { output: 'logits' });
  graph.output('logits', ['batch', 2]);
  return graph.model();
}

const spelled = (name: keyof typeof idioms): Spelling => (idioms[name] as (typeof idioms)[string]).write;

/** An inverted residual block: relu6 as Clip, its bounds Constants or initializers, and a linear bottleneck. */
function mobileNetwork(act?: Spelling): Uint8Array<ArrayBuffer> {
  const clip = act ?? spellings.relu6;
  const clipOfInitializers = act ?? spelled('Clip of initializers');
  const graph = new GraphFixture();
  const image = graph.input('image', ['batch', 4, 6, 6]);
  const wide = clip(graph, graph.node('Conv', [image, graph.weight('expand', [8, 4, 1, 1], 4)]));
  const depthwise = graph.node('Conv', [wide, graph.weight('depthwise', [8, 1, 3, 3], 9)], {
    group: 8n,
    pads: [1, 1, 1, 1],
  });
  const narrow = graph.node('Conv', [clipOfInitializers(graph, depthwise), graph.weight('project', [4, 8, 1, 1], 8)]);
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

/** As old exporters wrote: a Clip with attributes, and initializers that are inputs too. */
function oldNetwork(act: Spelling = spelled('Clip of attributes, before opset 11')): Uint8Array<ArrayBuffer> {
  const graph = new GraphFixture();
  const image = graph.input('image', [1, 3]);
  graph.input('weights', [3, 4]);
  const wide = graph.node('MatMul', [image, graph.weight('weights', [3, 4], 3)]);
  graph.node('Identity', [act(graph, wide)], {}, { output: 'y' });
  graph.output('y', [1, 4]);
  return graph.model({ opset: 9, irVersion: 3 });
}

/** A Scan over rows, with an activation in its body. */
function recurrentNetwork(act: Spelling = spellings.tanh): Uint8Array<ArrayBuffer> {
  const body = new GraphFixture();
  body.input('state_in', [4]);
  body.input('row', [4]);
  const next = act(body, body.node('Add', ['row', body.node('Mul', ['state_in', 'decay'])]));
  body.node('Identity', [next], {}, { output: 'state_out' });
  body.node('Identity', [next], {}, { output: 'row_out' });
  body.output('state_out', [4]);
  body.output('row_out', [4]);

  const graph = new GraphFixture();
  const rows = graph.input('rows', [5, 4]);
  graph.tensor('decay', [4], [0.5, 0.6, 0.7, 0.8]);
  const start = graph.tensor('start', [4], [0, 0, 0, 0]);
  graph.node(
    'Scan',
    [start, rows],
    { body: body.graph('body'), num_scan_inputs: 1n },
    { output: 'last', more: ['all'] },
  );
  graph.output('all', [5, 4]);
  return graph.model();
}

/** A function of the model's own that is called twice, with an activation in its body and one behind its call. */
function modularNetwork(act?: Spelling): Uint8Array<ArrayBuffer> {
  const body = new GraphFixture();
  const inner = (act ?? spellings.gelu)(body, body.node('MatMul', ['tokens', 'weights']));
  body.node('Identity', [inner], {}, { output: 'result' });
  // what a fixture has as initializers a function has as Constants
  for (const tensor of body.initializers) throw new Error(`${tensor.name} must be a node (was an initializer).`);
  const called = create(FunctionProtoSchema, {
    name: 'Layer',
    domain: 'mine',
    input: ['tokens', 'weights'],
    output: ['result'],
    node: body.nodes,
    opsetImport: [create(OperatorSetIdProtoSchema, { version: 17n })],
    docString: 'made for a test',
  });
  const graph = new GraphFixture();
  let x = graph.input('tokens', ['batch', 4]);
  for (const name of ['first', 'second']) {
    x = graph.node('Layer', [x, graph.weight(name, [4, 4], 4)], {}, { domain: 'mine' });
  }
  graph.node('Identity', [(act ?? spellings.relu)(graph, x)], {}, { output: 'y' });
  graph.output('y', ['batch', 4]);
  return graph.model({ functions: [called] });
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
  'a network of an old exporter': { build: oldNetwork, inputs: { image: [1, 3] }, activations: ['relu6'] },
  'a Scan': { build: recurrentNetwork, inputs: { rows: [5, 4] }, activations: ['tanh'] },
  'a network with a function': {
    build: modularNetwork,
    inputs: { tokens: [3, 4] },
    activations: ['relu', 'gelu'],
  },
  'a quantised network': { build: quantisedNetwork, inputs: { image: [1, 2, 5, 5] }, activations: ['relu'] },
};
