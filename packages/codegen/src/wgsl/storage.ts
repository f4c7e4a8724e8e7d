/**
 * How elements lie in memory. float16 is a storage format: two lie in a word, and are decoded to float32 and encoded
 * by integer operations, which round alike on every device.
 */
import { atom, type Term } from '../shader/dialect.ts';
import type { Scope } from '../shader/emitter.ts';
import type { KernelBuilder } from './builder.ts';
import { hintOf, type Input } from './leaves.ts';

export type Storage = 'float32' | 'float16';

/** The same as kernels see it: whether float16 is converted by integer operations, or by the device's own. */
export type Memory = Storage | 'convertedFloat16';

export const memoryOf = (storage: Storage, convertsHalves: boolean): Memory =>
  storage === 'float16' && convertsHalves ? 'convertedFloat16' : storage;

/** Bytes of a buffer with so many elements; buffers end with a whole word. */
export const bytesOf = (storage: Storage, elements: number): number =>
  storage === 'float32' ? elements * 4 : Math.ceil(elements / 2) * 4;

const decodeHalf = `// The float16 in the lower bits. By integers: a conversion may flush its subnormals.
fn decodeHalf(bits: u32) -> f32 {
  let sign = (bits & 0x8000u) << 16u;
  let magnitude = bits & 0x7fffu;
  let normal = bitcast<f32>(sign | ((magnitude << 13u) + select(0x38000000u, 0x70000000u, magnitude >= 0x7c00u)));
  let subnormal = bitcast<f32>(sign | bitcast<u32>(f32(magnitude) * 5.9604645e-8));
  return select(normal, subnormal, magnitude < 0x400u);
}`;

const encodeHalf = `// The nearest float16, ties to even. By integers: a conversion may round as it likes.
fn encodeHalf(t: f32) -> u32 {
  let bits = bitcast<u32>(t);
  let magnitude = bits & 0x7fffffffu;
  let normal = (magnitude + 0xfffu + ((magnitude >> 13u) & 1u) - 0x38000000u) >> 13u;
  let subnormal = u32(round(min(abs(t), 1.0) * 16777216.0));
  let finite = select(normal, subnormal, magnitude < 0x38800000u);
  let half = select(finite, select(0x7c00u, 0x7e00u, magnitude > 0x7f800000u), magnitude >= 0x477ff000u);
  return ((bits >> 16u) & 0x8000u) | half;
}`;

/** Text of the float16 in the lower bits, as a number. */
function decoded(memory: Memory, bits: string, builder: KernelBuilder): string {
  if (memory === 'convertedFloat16') return `unpack2x16float(${bits}).x`;
  builder.useText(decodeHalf);
  return `decodeHalf(${bits})`;
}

/** Text of a number as a float16 in the lower bits. */
function encoded(memory: Memory, number: string, builder: KernelBuilder): string {
  if (memory === 'convertedFloat16') return `pack2x16float(vec2f(${number}, 0.0))`;
  builder.useText(encodeHalf);
  return `encodeHalf(${number})`;
}

/** Loads the element at an index, and names it. */
export function loadElement(memory: Memory, input: Input, index: string, scope: Scope, builder: KernelBuilder): Term {
  const { name } = input;
  const buffer = builder.buffer({ kind: 'input', name, access: 'read' }, memory === 'float32' ? 'f32' : 'u32');
  const local = builder.names.unique(hintOf(input));
  let value = `${buffer}[${index}]`;
  if (memory !== 'float32') {
    const place = namedIndex(index, scope.lines, builder);
    value = decoded(memory, `${buffer}[${place} >> 1u] >> ((${place} & 1u) << 4u)`, builder);
  }
  scope.lines.push(builder.declare(local, 'f32', value));
  return atom(local);
}

/** Stores one element; its neighbour in the word may be another invocation's, which atomic operations leave alone. */
export function storeElement(
  memory: Memory,
  name: string,
  index: string,
  value: string,
  builder: KernelBuilder,
): string[] {
  if (memory === 'float32') {
    return [`${builder.buffer({ kind: 'output', name, access: 'write' })}[${index}] = ${value};`];
  }
  const buffer = builder.buffer({ kind: 'output', name, access: 'write' }, 'atomic<u32>');
  const lines: string[] = [];
  const place = namedIndex(index, lines, builder);
  const [shift, half] = [builder.names.unique('shift'), builder.names.unique('half')];
  return [
    ...lines,
    `let ${shift} = (${place} & 1u) << 4u;`,
    `let ${half} = ${encoded(memory, value, builder)} << ${shift};`,
    `atomicAnd(&${buffer}[${place} >> 1u], 0xffff0000u >> ${shift});`,
    `atomicOr(&${buffer}[${place} >> 1u], ${half});`,
  ];
}

/** The index as a name, so that a statement can repeat it. */
function namedIndex(index: string, lines: string[], builder: KernelBuilder): string {
  if (/^\w+$/.test(index)) return index;
  const name = builder.names.unique('place');
  lines.push(`let ${name} = ${index};`);
  return name;
}

/** How a kernel reads and writes elements that lie together: one, the two of a word, or four. */
export interface Packing {
  readonly elements: 1 | 2 | 4;
  /** The type of what a buffer holds of them. */
  readonly type: string;
  /** Text of each element of what was read as `text`. */
  readonly unpack: (text: string, builder: KernelBuilder) => string[];
  /** Text of numbers made of what was read, of which `elementsOf` gives each. */
  readonly decode: (text: string, builder: KernelBuilder) => string;
  /** Text of what to write for some elements. */
  readonly pack: (elements: readonly string[], builder: KernelBuilder) => string;
}

/** Text of each element of a vector, or of the one number. */
export const elementsOf = (text: string, elements: 1 | 2 | 4): string[] =>
  elements === 1 ? [text] : ['x', 'y', 'z', 'w'].slice(0, elements).map((component) => `${text}.${component}`);

const vectorOf = (elements: readonly string[]): string => `vec${elements.length}f(${elements.join(', ')})`;

const halves = (word: string, builder: KernelBuilder): string[] => {
  builder.useText(decodeHalf);
  return [`decodeHalf(${word})`, `decodeHalf(${word} >> 16u)`];
};
const word = (low: string, high: string, builder: KernelBuilder): string => {
  builder.useText(encodeHalf);
  return `encodeHalf(${low}) | (encodeHalf(${high}) << 16u)`;
};

const wholes = <const N extends 1 | 2 | 4>(elements: N): Packing => ({
  elements,
  type: elements === 1 ? 'f32' : `vec${elements}f`,
  unpack: (text) => elementsOf(text, elements),
  decode: (text) => text,
  pack: (texts) => (elements === 1 ? (texts[0] as string) : vectorOf(texts)),
});

const pairOfHalves: Packing = {
  elements: 2,
  type: 'u32',
  unpack: halves,
  decode: (text, builder) => vectorOf(halves(text, builder)),
  pack: ([low, high], builder) => word(low as string, high as string, builder),
};

const fourHalves: Packing = {
  elements: 4,
  type: 'vec2u',
  unpack: (text, builder) => [...halves(`${text}.x`, builder), ...halves(`${text}.y`, builder)],
  decode: (text, builder) => vectorOf([...halves(`${text}.x`, builder), ...halves(`${text}.y`, builder)]),
  pack: ([a, b, c, d], builder) =>
    `vec2u(${word(a as string, b as string, builder)}, ${word(c as string, d as string, builder)})`,
};

const convertedPair: Packing = {
  elements: 2,
  type: 'u32',
  unpack: (text) => elementsOf(`unpack2x16float(${text})`, 2),
  decode: (text) => `unpack2x16float(${text})`,
  pack: ([low, high]) => `pack2x16float(vec2f(${low}, ${high}))`,
};

const convertedFour: Packing = {
  elements: 4,
  type: 'vec2u',
  unpack: (text) => [`${text}.x`, `${text}.y`].flatMap((each) => elementsOf(`unpack2x16float(${each})`, 2)),
  decode: (text) => `vec4f(unpack2x16float(${text}.x), unpack2x16float(${text}.y))`,
  pack: ([a, b, c, d]) => `vec2u(pack2x16float(vec2f(${a}, ${b})), pack2x16float(vec2f(${c}, ${d})))`,
};

/** Accesses by the elements that they move. Half a word is none. */
export const packings: Readonly<Record<Memory, Readonly<Record<4 | 2, Packing>> & Partial<Record<1, Packing>>>> = {
  float32: { 4: wholes(4), 2: wholes(2), 1: wholes(1) },
  float16: { 4: fourHalves, 2: pairOfHalves },
  convertedFloat16: { 4: convertedFour, 2: convertedPair },
};
