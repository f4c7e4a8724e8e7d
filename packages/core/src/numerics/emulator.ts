/**
 * For tests: compiles an expression over `argument()` to a JavaScript function that rounds to float32 after every
 * operation, as the language prescribes. Calls of library functions go to `library`.
 */
import type { BinaryName, Expression, FunctionName, Node, UnaryName } from '../expression/node.ts';
import { topologicalOrder } from '../expression/node.ts';

export type Library = Readonly<Partial<Record<FunctionName, Expression>>>;

const round = (t: number): number =>
  Math.abs(t) < 2 ** 52 ? t + (t < 0 ? -1 : 1) * 2 ** 52 - (t < 0 ? -1 : 1) * 2 ** 52 : t;
const bits = new DataView(new ArrayBuffer(4));
const highPart = (t: number): number => {
  bits.setFloat32(0, t);
  bits.setUint32(0, bits.getUint32(0) & 0xfffff000);
  return bits.getFloat32(0);
};

const unary: Partial<Record<UnaryName, (a: string) => string>> = {
  negate: (a) => `-${a}`,
  absolute: (a) => `Math.abs(${a})`,
  floor: (a) => `Math.floor(${a})`,
  round: (a) => `round(${a})`,
  sqrt: (a) => `fround(Math.sqrt(${a}))`,
  highPart: (a) => `highPart(${a})`,
};
const binary: Record<BinaryName, (a: string, b: string) => string> = {
  add: (a, b) => `fround(${a} + ${b})`,
  subtract: (a, b) => `fround(${a} - ${b})`,
  multiply: (a, b) => `fround(${a} * ${b})`,
  divide: (a, b) => `fround(${a} / ${b})`,
  minimum: (a, b) => `Math.min(${a}, ${b})`,
  maximum: (a, b) => `Math.max(${a}, ${b})`,
  vanishingProduct: (a, b) => `(${b} === 0 ? (${a} < 0 ? -${b} : ${b}) : fround(${a} * ${b}))`,
  scaleByPowerOfTwo: (a, k) => `fround(${a} * 2 ** ${k})`,
};
const comparison = { less: '<', lessOrEqual: '<=', equal: '===' } as const;

function code(node: Node, name: (node: Node) => string): string {
  switch (node.kind) {
    case 'constant':
      return `fround(${Object.is(node.value, -0) ? '-0' : node.value})`;
    case 'argument':
      return 't';
    case 'unary':
      return (unary[node.name] ?? ((a) => `library.${node.name}(${a})`))(name(node.operand));
    case 'binary':
      return binary[node.name](name(node.left), name(node.right));
    case 'select':
      return `${name(node.condition)} ? ${name(node.whenTrue)} : ${name(node.whenFalse)}`;
    case 'comparison':
      return `${name(node.left)} ${comparison[node.name]} ${name(node.right)}`;
    case 'isNaN':
      return `${name(node.operand)} !== ${name(node.operand)}`;
    case 'not':
      return `!${name(node.operand)}`;
    case 'both':
      return `${name(node.left)} && ${name(node.right)}`;
    case 'either':
      return `${name(node.left)} || ${name(node.right)}`;
    default:
      throw new TypeError(`a library body must be made of arithmetic on its argument (was ${node.kind})`);
  }
}

/** The float32 function of a body; its argument is rounded to float32 first. */
export function emulate(body: Expression, library: Library = {}): (t: number) => number {
  const name = (node: Node): string => `v${node.id}`;
  const order = topologicalOrder([body]);
  const functions: Partial<Record<FunctionName, (t: number) => number>> = {};
  for (const node of order) {
    if (node.kind !== 'unary' || node.name in unary) continue;
    const called = node.name as FunctionName;
    const calledBody = library[called];
    if (!calledBody) throw new TypeError(`the library must hold ${called}`);
    functions[called] ??= emulate(calledBody, library);
  }
  const lines = order.map((node) => `const ${name(node)} = ${code(node, name)};`);
  const make = new Function(
    'fround',
    'round',
    'highPart',
    'library',
    `return (t) => { t = fround(t); ${lines.join(' ')} return ${name(body)}; };`,
  );
  return make(Math.fround, round, highPart, functions) as (t: number) => number; // the code above is of this type
}
