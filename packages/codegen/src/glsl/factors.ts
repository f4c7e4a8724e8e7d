/**
 * Factors of a product that are constant over a group, wherever they stand in it: Σ (k·a)·b = k·Σ a·b. Two sums over the same
 * elements that differ in such factors alone become one, which is what a program that writes one number can gain most by:
 * VeLU's λ and its statistic take their gradients from the same sums of rows.
 */
import type { Expression } from '@isoact/core';
import { mul, vanishingProduct } from '@isoact/core/expression';

type ProductName = 'multiply' | 'vanishingProduct';
const products: Readonly<Record<ProductName, (a: Expression, b: Expression) => Expression>> = {
  multiply: mul,
  vanishingProduct,
};

interface Factor {
  readonly value: Expression;
  /** The side of the product that it stood on, which matters where one side makes the product vanish. */
  readonly side: 'left' | 'right';
  readonly name: ProductName;
}

export interface Split {
  /** The product without its constant factors. */
  readonly rest: Expression;
  /** What a sum of `rest` is multiplied by. */
  readonly factors: readonly Factor[];
}

export function splitFactors(node: Expression, isConstant: (factor: Expression) => boolean): Split {
  if (node.kind !== 'binary' || (node.name !== 'multiply' && node.name !== 'vanishingProduct')) return whole(node);
  const { name } = node;
  const from = (side: Factor['side']): Split => {
    const own = node[side];
    if (isConstant(own)) return { rest: own, factors: [{ value: own, side, name }] };
    const inner = splitFactors(own, isConstant);
    // what stood in a product that vanishes goes on to do so
    const factors = inner.factors.map((factor) => (name === 'multiply' ? factor : { ...factor, side, name }));
    return { ...inner, factors };
  };
  const [left, right] = [from('left'), from('right')];
  const factors = [...left.factors, ...right.factors];
  if (factors.length === 0 || (isConstant(node.left) && isConstant(node.right))) return whole(node);
  if (isConstant(node.left)) return { rest: right.rest, factors };
  if (isConstant(node.right)) return { rest: left.rest, factors };
  return { rest: products[name](left.rest, right.rest), factors };
}

const whole = (node: Expression): Split => ({ rest: node, factors: [] });

/** A sum of the rest as the sum of the product. */
export const withFactors = (sum: Expression, { factors }: Split): Expression =>
  factors.reduce(
    (product, { value, side, name }) =>
      side === 'left' ? products[name](value, product) : products[name](product, value),
    sum,
  );
