/**
 * Dynamic ReLU (Chen et al. 2020, arXiv:2003.10027) as a model: its hyper-network, of which core has the plan, and the larger
 * of two lines with the coefficients that it gives.
 */
import {
  type Activation,
  type DynamicReluOptions,
  dynamicReluNetwork,
  dyRelu,
  elementCount,
  mustBe,
  normalizeAxis,
  relu,
  ShapeError,
} from '@isoact/core';
import { encodeModel } from '../onnx/encode.ts';
import type { Dimension, GraphMessage } from '../onnx/messages.ts';
import { activationGraph, type GraphSpec } from './activation-graph.ts';
import { GraphWriter, type Value } from './graph-writer.ts';
import { defaultOpset } from './opset.ts';
import { targetFor } from './target.ts';
import type { ExportOptions } from './to-onnx.ts';

/** Row-major, as a dense layer of tfjs or the transpose of one of PyTorch; H = max(1, ⌊C/reduction⌋) for C channels. */
export interface DynamicReluWeights {
  /** C×H. */
  readonly hiddenKernel: ArrayLike<number>;
  /** H. */
  readonly hiddenBias: ArrayLike<number>;
  /** H×4 (form A) or H×4C (form B): the outputs for a1, then for a2, b1 and b2. Zeros make a fresh layer relu. */
  readonly kernel: ArrayLike<number>;
  /** 4, or 4C. */
  readonly bias: ArrayLike<number>;
}

export interface DynamicReluExport extends DynamicReluOptions, Pick<ExportOptions, 'opset' | 'arithmetic'> {
  /** Lengths, or names for those that vary; the first axis is that of the samples. The number of channels must be known. */
  readonly shape: readonly Dimension[];
  /** The axis of the channels; 1 unless given, as ONNX has images. */
  readonly channelAxis?: number;
}

/**
 * max(a1·x + b1, a2·x + b2) as an ONNX model from x to y, with the coefficients of each sample (form A), or of each of its
 * channels (form B), from the mean of the sample's channels.
 *
 * @example
 * ```ts
 * const [channels, hidden] = [16, 2];
 * const model = dynamicReluToOnnx(
 *   {
 *     hiddenKernel: new Float32Array(channels * hidden),
 *     hiddenBias: new Float32Array(hidden),
 *     kernel: new Float32Array(hidden * 4 * channels),
 *     bias: new Float32Array(4 * channels),
 *   },
 *   { shape: ['batch', channels, 'height', 'width'] },
 * );
 * ```
 * @throws ShapeError where weights do not fit the shape, ParameterError for an option that is not one.
 */
export function dynamicReluToOnnx(weights: DynamicReluWeights, options: DynamicReluExport): Uint8Array<ArrayBuffer> {
  const { shape, channelAxis = 1, opset = defaultOpset, arithmetic, ...network } = options;
  const form = 'accurate';
  const axis = normalizeAxis(channelAxis, shape.length, 'channelAxis');
  const channels = shape[axis];
  if (typeof channels !== 'number' || axis === 0) {
    const requirement = 'a known number, on another axis than that of the samples';
    throw new ShapeError(mustBe('the channels of dynamic ReLU', requirement, channels));
  }
  const { hidden, values, gate, coefficients } = dynamicReluNetwork(channels, network);
  const outputs = coefficients.length * values;
  const target = targetFor(arithmetic, form);
  const nodes: GraphMessage['nodes'][number][] = [];
  const initializers: GraphMessage['initializers'][number][] = [];

  /** Adds a graph, whose inputs and outputs have these names in the model. */
  const insert = (graph: GraphMessage, names: Readonly<Record<string, string>> = {}): void => {
    const renamed = (all: readonly string[]): string[] => all.map((name) => names[name] ?? name);
    nodes.push(
      ...graph.nodes.map((node) => ({ ...node, inputs: renamed(node.inputs), outputs: renamed(node.outputs) })),
    );
    initializers.push(...graph.initializers);
  };
  const apply = (activation: Activation, lengths: readonly Dimension[], from: string, to: string): void => {
    const own: GraphSpec = { shape: lengths, dtype: 'float32', opset, parameters: 'initializers', form, target };
    insert(activationGraph(activation, 'forward', { ...own, prefix: `${to}/` }), { x: from, y: to });
  };
  const step = (name: string, write: (writer: GraphWriter) => Readonly<Record<string, Value>>): void => {
    const writer = new GraphWriter({ prefix: `${name}/`, opset });
    for (const [output, value] of Object.entries(write(writer))) writer.output(output, value, undefined);
    insert(writer.finish());
  };
  const dense = (writer: GraphWriter, from: Value, kernel: Weight, bias: Weight): Value =>
    writer.plainNode('Gemm', [from, carried(writer, kernel), carried(writer, bias)], 'float32');

  const samples = shape[0] as Dimension;
  step('squeeze', (writer) => {
    const x: Value = { name: 'x', type: 'float32' };
    const others = shape.flatMap((_, each) => (each === 0 || each === axis ? [] : [each]));
    const mean = others.length > 0 ? writer.reduce('ReduceMean', x, others) : x;
    const flat = writer.plainNode('Reshape', [mean, writer.constant([0, channels], 'int64')], 'float32');
    const kernel = weight('hiddenKernel', [channels, hidden], weights.hiddenKernel);
    return { squeezed: dense(writer, flat, kernel, weight('hiddenBias', [hidden], weights.hiddenBias)) };
  });
  apply(relu(), [samples, hidden], 'squeezed', 'hidden');
  step('excite', (writer) => {
    const kernel = weight('kernel', [hidden, outputs], weights.kernel);
    return {
      excited: dense(writer, { name: 'hidden', type: 'float32' }, kernel, weight('bias', [outputs], weights.bias)),
    };
  });
  apply(gate(), [samples, outputs], 'excited', 'gates');
  step('coefficients', (writer) => {
    // 0 keeps the number of samples
    const lengths = shape.map((_, each) => (each === 0 ? 0 : each === axis ? values : 1));
    const parts = writer.split({ name: 'gates', type: 'float32' }, 1, coefficients.length);
    const number = (value: number): Value => writer.constant(value, 'float32');
    const entries = coefficients.map(({ name, start, range }, k): [string, Value] => {
      const twice = writer.node('Mul', [parts[k] as Value, number(2)], 'float32');
      const centred = writer.node('Sub', [twice, number(1)], 'float32');
      const moved = writer.node(
        'Add',
        [writer.node('Mul', [centred, number(range)], 'float32'), number(start)],
        'float32',
      );
      return [name, writer.plainNode('Reshape', [moved, writer.constant(lengths, 'int64')], 'float32')];
    });
    return Object.fromEntries(entries);
  });
  const perSample = shape.map((length, each) => {
    if (each === 0) return typeof length === 'number' ? length : 2; // an unknown length stands for one that is not 1
    return each === axis ? values : 1;
  });
  const lines = activationGraph(dyRelu(), 'forward', {
    prefix: 'lines/',
    shape,
    dtype: 'float32',
    opset,
    parameters: 'inputs',
    parameterShapes: Object.fromEntries(coefficients.map(({ name }) => [name, perSample])),
    form,
    target,
  });
  insert(lines);
  const inputs = lines.inputs.filter(({ name }) => name === 'x');
  return encodeModel({ name: 'dyRelu', opset, graph: { nodes, initializers, inputs, outputs: lines.outputs } });
}

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

function weight(name: string, shape: readonly number[], values: ArrayLike<number>): Weight {
  const length = elementCount(shape);
  if (values?.length !== length) {
    const subject = `the length of dynamic ReLU's ${name}`;
    throw new ShapeError(mustBe(subject, `${length}, for a shape of [${shape.join(', ')}]`, values?.length));
  }
  return { name, shape, values };
}

const carried = (writer: GraphWriter, { name, shape, values }: Weight): Value =>
  writer.initializer(name, 'float32', shape, values);
