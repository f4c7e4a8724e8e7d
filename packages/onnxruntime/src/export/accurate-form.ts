/**
 * Core's float32 library, written out. A product with a function's tail is rounded where it ends up, and not where the
 * tail alone would be subnormal: such a function is kept as significand and exponent until the product is there.
 */
import type { Expression, FunctionName, Split } from '@isoact/core';
import { add, binary, exp, less, minimum, mul, neg, scaleByPowerOfTwo, select } from '@isoact/core/expression';
import { float32Library, splitLibrary } from '@isoact/core/numerics';
import { applied } from './apply-body.ts';
import type { Lower, Rewrite } from './forms.ts';

export function accurately(): Rewrite {
  const splits = new Map<Expression, Split | undefined>();

  return (node, lower) => {
    if (node.kind === 'binary') {
      const parts = splitOf(node, lower);
      return parts && scaleByPowerOfTwo(parts.significand, parts.exponent);
    }
    const body = node.kind === 'unary' ? float32Library[node.name as FunctionName] : undefined;
    return body && node.kind === 'unary' ? applied(body, lower(node.operand)) : undefined;
  };

  function splitOf(node: Expression, lower: Lower): Split | undefined {
    if (!splits.has(node)) splits.set(node, findSplit(node, lower));
    return splits.get(node);
  }

  function findSplit(node: Expression, lower: Lower): Split | undefined {
    if (node.kind === 'unary') {
      if (node.name === 'negate') {
        const parts = splitOf(node.operand, lower);
        return parts && { ...parts, significand: neg(parts.significand) };
      }
      if (node.name === 'tanh' && node.operand.kind === 'unary' && node.operand.name === 'softplus') {
        return tanhOfSoftplus(splitOf(exp(minimum(node.operand.operand, 20)), lower) as Split);
      }
      const tail = splitLibrary[node.name as keyof typeof splitLibrary] as Split | undefined;
      if (!tail) return undefined;
      const operand = lower(node.operand);
      return { significand: applied(tail.significand, operand), exponent: applied(tail.exponent, operand) };
    }
    if (node.kind !== 'binary') return undefined;
    const { name, left, right } = node;
    const one = splitOf(left, lower);
    if (name === 'divide') return one && { ...one, significand: binary('divide', one.significand, lower(right)) };
    if (name !== 'multiply' && name !== 'vanishingProduct') return undefined;
    const two = splitOf(right, lower);
    if (!one && !two) return undefined;
    const significand = binary(name, one?.significand ?? lower(left), two?.significand ?? lower(right));
    return { significand, exponent: one && two ? add(one.exponent, two.exponent) : ((one ?? two) as Split).exponent };
  }
}

/** e·(e + 2) / (e·(e + 2) + 2), the mish of t over t, from e = e^t for t ≤ 20, where it is 1. */
function tanhOfSoftplus({ significand, exponent }: Split): Split {
  const e = scaleByPowerOfTwo(significand, exponent);
  const isTail = less(e, 1);
  const upper = mul(select(isTail, significand, e), add(e, 2));
  return {
    significand: binary('divide', upper, add(mul(e, add(e, 2)), 2)),
    exponent: select(isTail, exponent, 0),
  };
}
