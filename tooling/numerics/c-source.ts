/** Writes a library body as C, one float32 operation a statement, so that every float32 argument can be tried. */
import {
  type Expression,
  type FunctionName,
  type Node,
  topologicalOrder,
} from '../../packages/core/src/expression/node.ts';

type Library = Readonly<Partial<Record<FunctionName, Expression>>>;

const primitives: Record<string, (a: string) => string> = {
  negate: (a) => `-${a}`,
  absolute: (a) => `fabsf(${a})`,
  floor: (a) => `floorf(${a})`,
  round: (a) => `rintf(${a})`,
  sqrt: (a) => `SQUARE_ROOT(${a})`,
  highPart: (a) => `high_part(${a})`,
};
const operators: Record<string, (a: string, b: string) => string> = {
  add: (a, b) => `${a} + ${b}`,
  subtract: (a, b) => `${a} - ${b}`,
  multiply: (a, b) => `${a} * ${b}`,
  divide: (a, b) => `QUOTIENT(${a}, ${b})`,
  // these two lose a NaN, as a GPU's may
  minimum: (a, b) => `${a} < ${b} ? ${a} : ${b}`,
  maximum: (a, b) => `${a} > ${b} ? ${a} : ${b}`,
  scaleByPowerOfTwo: (a, k) => `scale(${a}, ${k})`,
  less: (a, b) => `${a} < ${b}`,
  lessOrEqual: (a, b) => `${a} <= ${b}`,
  equal: (a, b) => `${a} == ${b}`,
};

const constant = (value: number): string => `(float)${Object.is(value, -0) ? '-0.0' : value.toExponential()}`;

function statement(node: Node): string {
  const name = (operand: Node): string => `v${operand.id}`;
  switch (node.kind) {
    case 'constant':
      return constant(node.value);
    case 'argument':
      return 't';
    case 'unary':
      return (primitives[node.name] ?? ((a) => `${node.name}_f32(${a})`))(name(node.operand));
    case 'binary':
    case 'comparison': {
      const operator = operators[node.name];
      if (!operator) throw new TypeError(`a library body must not use ${node.name}`);
      return operator(name(node.left), name(node.right));
    }
    case 'select':
      return `${name(node.condition)} ? ${name(node.whenTrue)} : ${name(node.whenFalse)}`;
    case 'isNaN':
      return `is_nan(${name(node.operand)})`;
    case 'not':
      return `!${name(node.operand)}`;
    case 'both':
      return `${name(node.left)} & ${name(node.right)}`;
    case 'either':
      return `${name(node.left)} | ${name(node.right)}`;
    default:
      throw new TypeError(`a library body must be made of arithmetic on its argument (was ${node.kind})`);
  }
}

/** C functions `<name>_f32` for a function of the library and for those that it calls, callees first. */
export function cSource(name: FunctionName, library: Library, done: Set<FunctionName> = new Set()): string {
  const body = library[name];
  if (done.has(name) || !body) return '';
  done.add(name);
  const order = topologicalOrder([body]);
  const callees = order.flatMap((node) =>
    node.kind === 'unary' && !(node.name in primitives) ? [cSource(node.name as FunctionName, library, done)] : [],
  );
  const isPredicate = (node: Node): boolean => ['comparison', 'isNaN', 'not', 'both', 'either'].includes(node.kind);
  const lines = order.map((node) => `  ${isPredicate(node) ? 'int' : 'float'} v${node.id} = ${statement(node)};`);
  return `${callees.join('')}static inline float ${name}_f32(float t) {\n${lines.join('\n')}\n  return v${body.id};\n}\n`;
}
