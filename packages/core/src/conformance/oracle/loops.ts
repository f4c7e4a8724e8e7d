/**
 * One node over a block of elements, as a loop of its own. A loop whose body is one known operation runs several times
 * as fast as one that calls whatever it was handed, and the suite spends its time here.
 */
import { float64Operators } from '../../expression/by-name.ts';
import type { BinaryName, Node } from '../../expression/node.ts';

type Register = Float64Array;
/** Fills the first `count` places of `out` from those of the operands; predicates are 0 or 1. */
export type Loop = (out: Register, a: Register, b: Register, c: Register, count: number) => void;

const { vanishingProduct, minimum, maximum, scaleByPowerOfTwo } = float64Operators;

const binaryLoops: Readonly<Record<BinaryName, Loop>> = {
  add: (out, a, b, _, count) => {
    for (let i = 0; i < count; i++) out[i] = (a[i] as number) + (b[i] as number);
  },
  subtract: (out, a, b, _, count) => {
    for (let i = 0; i < count; i++) out[i] = (a[i] as number) - (b[i] as number);
  },
  multiply: (out, a, b, _, count) => {
    for (let i = 0; i < count; i++) out[i] = (a[i] as number) * (b[i] as number);
  },
  divide: (out, a, b, _, count) => {
    for (let i = 0; i < count; i++) out[i] = (a[i] as number) / (b[i] as number);
  },
  minimum: (out, a, b, _, count) => {
    for (let i = 0; i < count; i++) out[i] = minimum(a[i] as number, b[i] as number);
  },
  maximum: (out, a, b, _, count) => {
    for (let i = 0; i < count; i++) out[i] = maximum(a[i] as number, b[i] as number);
  },
  vanishingProduct: (out, a, b, _, count) => {
    for (let i = 0; i < count; i++) out[i] = vanishingProduct(a[i] as number, b[i] as number);
  },
  scaleByPowerOfTwo: (out, a, b, _, count) => {
    for (let i = 0; i < count; i++) out[i] = scaleByPowerOfTwo(a[i] as number, b[i] as number);
  },
};

const absolute: Loop = (out, a, _, __, count) => {
  for (let i = 0; i < count; i++) out[i] = Math.abs(a[i] as number);
};
const negate: Loop = (out, a, _, __, count) => {
  for (let i = 0; i < count; i++) out[i] = -(a[i] as number);
};
const less: Loop = (out, a, b, _, count) => {
  for (let i = 0; i < count; i++) out[i] = (a[i] as number) < (b[i] as number) ? 1 : 0;
};
const lessOrEqual: Loop = (out, a, b, _, count) => {
  for (let i = 0; i < count; i++) out[i] = (a[i] as number) <= (b[i] as number) ? 1 : 0;
};
const equal: Loop = (out, a, b, _, count) => {
  for (let i = 0; i < count; i++) out[i] = a[i] === b[i] ? 1 : 0;
};
const choose: Loop = (out, a, b, c, count) => {
  for (let i = 0; i < count; i++) out[i] = (a[i] ? b[i] : c[i]) as number;
};
const isNaN: Loop = (out, a, _, __, count) => {
  for (let i = 0; i < count; i++) out[i] = Number.isNaN(a[i]) ? 1 : 0;
};
const not: Loop = (out, a, _, __, count) => {
  for (let i = 0; i < count; i++) out[i] = 1 - (a[i] as number);
};

const comparisonLoops = { less, lessOrEqual, equal } as const;

export function loopOf(node: Node): Loop {
  switch (node.kind) {
    case 'unary': {
      const { name, operation } = node;
      const { evaluate } = operation;
      if (name === 'absolute') return absolute;
      if (name === 'negate') return negate;
      return (out, a, _, __, count) => {
        for (let i = 0; i < count; i++) out[i] = evaluate(a[i] as number);
      };
    }
    case 'binary':
      return binaryLoops[node.name];
    case 'comparison':
      return comparisonLoops[node.name];
    case 'select':
      return choose;
    case 'isNaN':
      return isNaN;
    case 'not':
      return not;
    case 'both':
      return binaryLoops.multiply;
    case 'either':
      return binaryLoops.maximum;
    default:
      throw new TypeError(`${node.kind} is not elementwise`);
  }
}
