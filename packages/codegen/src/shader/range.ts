/**
 * What a value can be, as far as its expression tells: enough to know where a product cannot meet infinity times zero.
 */
import type { Expression, FunctionName } from '@isoact/core';

/** Bounds on a value that is not NaN, and whether it can be NaN. */
export interface Range {
  readonly low: number;
  readonly high: number;
  readonly mayBeNaN: boolean;
}

/** Parameters are finite; products of two of them need not be. Gradients can overflow before they come here. */
const finite: Range = { low: -(2 ** 100), high: 2 ** 100, mayBeNaN: false };
const anything: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, mayBeNaN: true };
const largest = 2 ** 127;

export const isBounded = ({ low, high }: Range): boolean => low > -largest && high < largest;

const known = new WeakMap<Expression, Range>();

export function rangeOf(node: Expression): Range {
  let range = known.get(node);
  if (!range) {
    range = compute(node);
    known.set(node, range);
  }
  return range;
}

const between = (low: number, high: number): Range => ({
  low: Number.isNaN(low) ? Number.NEGATIVE_INFINITY : low,
  high: Number.isNaN(high) ? Number.POSITIVE_INFINITY : high,
  mayBeNaN: false,
});

function compute(node: Expression): Range {
  switch (node.kind) {
    case 'constant':
      return { low: node.value, high: node.value, mayBeNaN: Number.isNaN(node.value) };
    case 'input':
      return anything;
    case 'parameter':
      return finite;
    case 'size':
    case 'count':
      return between(0, 2 ** 32);
    case 'unary':
      return ofUnary(node.name, rangeOf(node.operand));
    case 'binary':
      return ofBinary(node);
    case 'select':
      return union(rangeOf(node.whenTrue), rangeOf(node.whenFalse));
    default:
      return anything;
  }
}

const union = (a: Range, b: Range): Range => ({
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
  mayBeNaN: a.mayBeNaN || b.mayBeNaN,
});

/** The values that a bounded function can have. */
const images: Partial<Record<FunctionName, readonly [number, number]>> = {
  sigmoid: [0, 1],
  tanh: [-1, 1],
  atan: [-2, 2],
  asin: [-2, 2],
  erf: [-1, 1],
  erfc: [0, 2],
};

function ofUnary(name: Extract<Expression, { kind: 'unary' }>['name'], operand: Range): Range {
  const { low, high, mayBeNaN } = operand;
  const image = images[name as FunctionName];
  if (image) return { low: image[0], high: image[1], mayBeNaN };
  switch (name) {
    case 'negate':
      return { low: -high, high: -low, mayBeNaN };
    case 'absolute': {
      const least = low > 0 ? low : high < 0 ? -high : 0;
      return { low: least, high: Math.max(Math.abs(low), Math.abs(high)), mayBeNaN };
    }
    case 'detach':
      return operand;
    case 'round':
    case 'floor':
      return { low: Math.floor(low), high: Math.ceil(high), mayBeNaN };
    case 'exp':
      return { low: 0, high: Math.exp(high), mayBeNaN };
    case 'sqrt':
      return low >= 0 ? { low: Math.sqrt(low), high: Math.sqrt(high), mayBeNaN } : anything;
    default:
      return anything;
  }
}

function ofBinary({ name, left, right }: Extract<Expression, { kind: 'binary' }>): Range {
  const [a, b] = [rangeOf(left), rangeOf(right)];
  const infinite = !isBounded(a) || !isBounded(b);
  const mayBeNaN = a.mayBeNaN || b.mayBeNaN || infinite;
  switch (name) {
    case 'add':
      return { ...between(a.low + b.low, a.high + b.high), mayBeNaN };
    case 'subtract':
      return { ...between(a.low - b.high, a.high - b.low), mayBeNaN };
    case 'multiply':
    case 'vanishingProduct': {
      if (left === right) return { low: 0, high: Math.max(a.low ** 2, a.high ** 2), mayBeNaN: a.mayBeNaN };
      const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
      return { ...between(Math.min(...corners), Math.max(...corners)), mayBeNaN };
    }
    case 'divide':
      if (b.low <= 0) return anything;
      return {
        ...between(Math.min(a.low / b.low, a.low / b.high), Math.max(a.high / b.low, a.high / b.high)),
        mayBeNaN: a.mayBeNaN || b.mayBeNaN || (!isBounded(a) && !isBounded(b)),
      };
    case 'minimum':
      return { low: Math.min(a.low, b.low), high: Math.min(a.high, b.high), mayBeNaN: a.mayBeNaN || b.mayBeNaN };
    case 'maximum':
      return { low: Math.max(a.low, b.low), high: Math.max(a.high, b.high), mayBeNaN: a.mayBeNaN || b.mayBeNaN };
    default:
      return anything;
  }
}
