/** One node as JavaScript in float64 arithmetic, given the code of its operands. */
import { type BinaryName, type Node, operands, type UnaryName } from '@isoact/core';
import { float64Functions, isAlwaysFinite } from '@isoact/core/plan';

const comparisonCode = { less: '<', lessOrEqual: '<=', equal: '===' } as const;

const binaryCode: Readonly<Record<BinaryName, (a: string, b: string) => string>> = {
  add: (a, b) => `${a} + ${b}`,
  subtract: (a, b) => `${a} - ${b}`,
  multiply: (a, b) => `${a} * ${b}`,
  divide: (a, b) => `${a} / ${b}`,
  minimum: (a, b) => `Math.min(${a}, ${b})`,
  maximum: (a, b) => `Math.max(${a}, ${b})`,
  vanishingProduct: (a, b) => `${b} === 0 ? (${a} < 0 ? -${b} : ${b}) : ${a} * ${b}`,
  scaleByPowerOfTwo: (a, b) => `${a} * 2 ** ${b}`,
};

/** Names of `Math` by the function; what `Math` lacks is called on `functions`. */
const mathNames: ReadonlyMap<unknown, string> = new Map(
  Object.entries(Object.getOwnPropertyDescriptors(Math)).map(([name, { value }]) => [value, name]),
);

function unaryCode(name: UnaryName, operand: string): string {
  if (name === 'negate') return `-${operand}`;
  if (name === 'detach') return operand;
  const builtIn = mathNames.get(float64Functions[name]);
  return builtIn ? `Math.${builtIn}(${operand})` : `functions.${name}(${operand})`;
}

/** The code of a node that is no leaf of its surroundings. Operands are names or constants. */
export function nodeCode(node: Node, code: (operand: Node) => string): string {
  const [a, b, c] = operands(node).map(code) as [string, string, string];
  switch (node.kind) {
    case 'constant':
      return constantCode(node.value);
    case 'unary':
      return unaryCode(node.name, a);
    case 'binary':
      return binaryCode[node.name === 'vanishingProduct' && isAlwaysFinite(node.left) ? 'multiply' : node.name](a, b);
    case 'select':
      return `${a} ? ${b} : ${c}`;
    case 'comparison':
      return `${a} ${comparisonCode[node.name]} ${b}`;
    case 'isNaN':
      return `${a} !== ${a}`;
    case 'not':
      return `!${a}`;
    case 'both':
      return `${a} && ${b}`;
    case 'either':
      return `${a} || ${b}`;
    default:
      throw new TypeError(`a ${node.kind} must be a leaf of generated code`);
  }
}

/** Negative constants stand in parentheses, so that `--` never arises. */
function constantCode(value: number): string {
  const code = Object.is(value, -0) ? '-0' : String(value);
  return code.startsWith('-') ? `(${code})` : code;
}
