/** The nodes of an activation for a place in a model. */
import { type Activation, mustBe, UnsupportedError } from '@isoact/core';
import { activationFunction, functionCall } from '../export/activation-function.ts';
import { activationGraph, type GraphSpec } from '../export/activation-graph.ts';
import { nativeNode } from '../export/native-node.ts';
import { newestOpset } from '../export/opset.ts';
import { targetFor } from '../export/target.ts';
import { encodeFields, encodeFunction, encodeNode, encodeTensor } from '../onnx/encode.ts';
import type { FunctionMessage, NodeMessage, TensorMessage } from '../onnx/messages.ts';
import type { Found } from './find.ts';
import type { Model } from './model.ts';
import { raised } from './raise-opset.ts';
import { describeFound, type ReplacementRule } from './rules.ts';
import { typeOf } from './value-types.ts';

/** What a replacement brings into the graph, in bytes of its fields. */
export interface Insertion {
  readonly nodes: readonly NodeMessage[];
  readonly initializers: readonly TensorMessage[];
  readonly notes: readonly string[];
  /** The opset that the nodes are written for: the model's, or the next that has what they need. */
  readonly opset: number;
}

/** ONNX's numbers of the float types. */
const floatTypes: Readonly<Record<number, GraphSpec['dtype']>> = {
  1: 'float32',
  10: 'float16',
  11: 'float64',
  16: 'any',
};

export interface InsertionContext {
  /** What the names of new nodes and values start with. */
  readonly prefix: string;
  readonly model: Model;
  /** The functions that the model gets; one that is needed and not there is added. */
  readonly functions: FunctionMessage[];
}

export function insertionFor(found: Found, rule: ReplacementRule, context: InsertionContext): Insertion {
  const { prefix, model, functions } = context;
  const { index, input, output } = found;
  const { opset: own, kind } = index.scope;
  const where = describeFound(found).nodes.at(-1);
  if (own > newestOpset) {
    throw new UnsupportedError(mustBe(`the opset around ${where}`, `at most ${newestOpset}`, own));
  }
  if (rule.to.forward.y.length > 1) {
    throw new UnsupportedError(
      mustBe(
        `the activation that replaces ${where}`,
        'one whose output has the shape of its input',
        rule.to.name,
        'What comes behind it was built for as many channels as there are.',
      ),
    );
  }
  const { elementType, rank } = typeOf(input, index);
  const notes: string[] = [];
  const spec: GraphSpec = {
    shape: rank === undefined ? undefined : Array.from({ length: rank }, (_, axis) => `axis ${axis}`),
    dtype: dtypeFor(elementType, own, notes),
    opset: own,
    channelAxis: rule.channelAxis,
    parameterShapes: Object.fromEntries(
      Object.entries(rule.parameters ?? {}).map(([name, { shape }]) => [name, shape]),
    ),
    parameterValues: Object.fromEntries(
      Object.entries(rule.parameters ?? {}).map(([name, { values }]) => [name, values]),
    ),
    parameters: 'initializers',
    form: rule.form ?? 'accurate',
    target: targetFor(rule.arithmetic, rule.form ?? 'accurate'),
    prefix,
    constants: kind === 'function' || model.irVersion < 4 ? 'nodes' : 'initializers',
  };
  if (rule.to.forward.penalty) notes.push('the penalty is a term for training and is left out');

  const name = prefix.slice(0, -1);
  const native =
    rule.form === 'native' && !rule.parameters ? nativeNode(rule.to, spec, { name, input, output }) : undefined;
  if (native) return { ...native, notes, opset: own };
  const opset = raised(own, model);
  if (rule.as === 'function') {
    const called = sharedFunction(functions, activationFunction(rule.to, 'forward', name, { ...spec, opset }));
    const call = { name: `${prefix}call`, inputs: [input], outputs: [output] };
    return { nodes: [functionCall(called, call, rule.to)], initializers: [], notes, opset };
  }
  const parts = activationGraph(yAlone(rule.to), 'forward', { ...spec, opset });
  const extra = parts.inputs.find((given) => given.name !== 'x');
  if (extra) {
    throw new UnsupportedError(
      mustBe(
        `the inputs of ${rule.to.name}`,
        'x alone, to stand in a model',
        extra.name,
        'Choose a mode that needs no state.',
      ),
    );
  }
  return {
    nodes: parts.nodes.map((node) => renamed(node, input, output)),
    initializers: parts.initializers,
    notes,
    opset,
  };
}

/** Without the penalty and the state, which nothing in a model takes up, and whose names a second insertion would repeat. */
const yAlone = (activation: Activation): Activation => ({ ...activation, forward: { y: activation.forward.y } });

/** The function among those of the model that has the same body, or else this one. */
function sharedFunction(functions: FunctionMessage[], wanted: FunctionMessage): FunctionMessage {
  const bodyOf = (one: FunctionMessage): string => encodeFunction({ ...one, name: '' }).join();
  const same = functions.find((one) => bodyOf(one) === bodyOf(wanted));
  if (!same) functions.push(wanted);
  return same ?? wanted;
}

function dtypeFor(elementType: number | undefined, opset: number, notes: string[]): GraphSpec['dtype'] {
  const known = elementType === undefined ? undefined : floatTypes[elementType];
  if (known && (known !== 'any' || opset >= 15)) return known;
  if (opset >= 15) return 'any'; // CastLike came with it
  notes.push('the model does not tell the type of the input; float32 is taken for it');
  return 'float32';
}

/** x and y under the names that they have in the model. */
const renamed = (node: NodeMessage, input: string, output: string): NodeMessage => ({
  ...node,
  inputs: node.inputs.map((name) => (name === 'x' ? input : name)),
  outputs: node.outputs.map((name) => (name === 'y' ? output : name)),
});

/** Messages as fields of the message around, a GraphProto, FunctionProto or ModelProto. */
export const nodeFields = (nodes: readonly NodeMessage[], kind: 'graph' | 'function'): Uint8Array =>
  encodeFields(kind === 'graph' ? 1 : 7, nodes.map(encodeNode));
export const initializerFields = (tensors: readonly TensorMessage[]): Uint8Array =>
  encodeFields(5, tensors.map(encodeTensor));
export const functionFields = (functions: readonly FunctionMessage[]): Uint8Array =>
  encodeFields(25, functions.map(encodeFunction));
