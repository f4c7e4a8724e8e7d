/** Messages as bytes. Schemas of ONNX would weigh more than all else here. */
import { elementTypeNumber } from './element-type.ts';
import type {
  AttributeValue,
  Dimension,
  FunctionMessage,
  GraphMessage,
  ModelMessage,
  NodeMessage,
  TensorMessage,
  ValueMessage,
} from './messages.ts';
import { rawData } from './raw-data.ts';
import { Message } from './wire-writer.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The IR version that belongs to opset 21 (ONNX 1.16). */
const irVersion = 10;

/** AttributeProto.AttributeType. */
const attributeTypes = { float: 1, integer: 2, text: 3, tensor: 4, integers: 7 } as const;

/** Messages as repeated fields of the message around. */
export const encodeFields = (field: number, messages: Iterable<Uint8Array>): Bytes =>
  new Message().messages(field, messages).finish();

export function encodeTensor(tensor: TensorMessage): Bytes {
  const message = new Message();
  for (const length of tensor.shape) message.integer(1, length);
  return message.integer(2, elementTypeNumber[tensor.type]).text(8, tensor.name).bytes(9, rawData(tensor)).finish();
}

function encodeAttribute(name: string, value: AttributeValue): Bytes {
  const message = new Message().text(1, name);
  return message.integer(20, attributeTypes[addValue(message, value)]).finish();
}

function addValue(message: Message, value: AttributeValue): keyof typeof attributeTypes {
  if (typeof value === 'bigint') {
    message.integer(3, value);
    return 'integer';
  }
  if (typeof value === 'number') {
    message.float(2, value);
    return 'float';
  }
  if (typeof value === 'string') {
    message.bytes(4, new TextEncoder().encode(value));
    return 'text';
  }
  if ('attribute' in value) {
    message.text(21, value.attribute);
    return 'float';
  }
  if ('shape' in value) {
    message.bytes(5, encodeTensor(value));
    return 'tensor';
  }
  for (const integer of value) message.integer(8, integer);
  return 'integers';
}

export function encodeNode({ name, operator, domain = '', inputs, outputs, attributes = {} }: NodeMessage): Bytes {
  return new Message()
    .texts(1, inputs)
    .texts(2, outputs)
    .text(3, name)
    .text(4, operator)
    .messages(
      5,
      Object.entries(attributes).map(([key, value]) => encodeAttribute(key, value)),
    )
    .text(7, domain)
    .finish();
}

function encodeValue({ name, type, shape }: ValueMessage): Bytes {
  const tensor = new Message().integer(1, elementTypeNumber[type]);
  if (shape) tensor.bytes(2, encodeFields(1, shape.map(encodeDimension)));
  return new Message()
    .text(1, name)
    .bytes(2, encodeFields(1, [tensor.finish()]))
    .finish();
}

const encodeDimension = (length: Dimension): Bytes =>
  (typeof length === 'number' ? new Message().integer(1, length) : new Message().text(2, length)).finish();

export const encodeOpset = (domain: string, version: number): Bytes =>
  new Message().text(1, domain).integer(2, version).finish();

const encodeGraph = (name: string, { nodes, initializers, inputs, outputs }: GraphMessage): Bytes =>
  new Message()
    .messages(1, nodes.map(encodeNode))
    .text(2, name)
    .messages(5, initializers.map(encodeTensor))
    .messages(11, inputs.map(encodeValue))
    .messages(12, outputs.map(encodeValue))
    .finish();

export const encodeFunction = (message: FunctionMessage): Bytes =>
  new Message()
    .text(1, message.name)
    .texts(4, message.inputs)
    .texts(5, message.outputs)
    .texts(6, message.attributes)
    .messages(7, message.nodes.map(encodeNode))
    .text(8, message.documentation)
    .bytes(9, encodeOpset('', message.opset))
    .text(10, message.domain)
    .finish();

export function encodeModel({ name, opset, graph, functions = [] }: ModelMessage): Bytes {
  const domains = new Set(functions.map(({ domain }) => domain));
  const imports = [encodeOpset('', opset), ...[...domains].map((domain) => encodeOpset(domain, 1))];
  return new Message()
    .integer(1, irVersion)
    .text(2, '@isoact/onnxruntime')
    .bytes(7, encodeGraph(name, graph))
    .messages(8, imports)
    .messages(25, functions.map(encodeFunction))
    .finish();
}
