/** The smallest ONNX model: y = Relu(x), opset 21. */

/** One field of a protocol buffer: bytes with their length before them, or a small number. */
const field = (number: number, value: Uint8Array | string | number): number[] => {
  if (typeof value === 'number') return [number << 3, value];
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return [(number << 3) | 2, bytes.length, ...bytes];
};
const message = (...fields: readonly number[][]): Uint8Array => Uint8Array.from(fields.flat());

const float = 1;
/** ValueInfoProto of a float tensor of two dimensions. */
const value = (name: string): Uint8Array => {
  const dimensions = ['rows', 'columns'].map((symbol) => field(1, message(field(2, symbol))));
  const tensor = message(field(1, float), field(2, message(...dimensions)));
  return message(field(1, name), field(2, message(field(1, tensor))));
};

export function reluModel(): Uint8Array {
  const node = message(field(1, 'x'), field(2, 'y'), field(4, 'Relu'));
  const graph = message(field(1, node), field(2, 'graph'), field(11, value('x')), field(12, value('y')));
  const opset = message(field(1, ''), field(2, 21));
  return message(field(1, 10), field(7, graph), field(8, opset));
}
