/**
 * Odd polynomials of one value, v·Σ c_k·v^2k, with coefficients that are the same for all elements. Sums and multiples of
 * such are such: atan(a·x) + asin(b·x) is one polynomial of x, whose coefficients are made once for all elements.
 */
import type { Expression } from '@isoact/core';
import { add, constant, mul, neg, square } from '@isoact/core/expression';
import { factorsOf, type IsUniform } from './products.ts';

export interface Series {
  readonly variable: Expression;
  /** Lowest power first. */
  readonly coefficients: readonly Expression[];
}

/** A function's coefficients where its argument is known to lie in the interval that they serve, else null. */
export type CoefficientsOf = (node: Extract<Expression, { kind: 'unary' }>) => readonly number[] | null;

export function seriesOf(node: Expression, isUniform: IsUniform, coefficientsOf: CoefficientsOf): Series | null {
  if (node.kind === 'unary') {
    const own = coefficientsOf(node);
    if (!own) return null;
    const { number, uniform, varying } = factorsOf(node.operand, isUniform);
    const [variable] = varying;
    if (!variable || varying.length > 1) return null;
    const factor = [...uniform, constant(number)].reduce(mul);
    let power = factor;
    const coefficients = own.map((c, k) => {
      if (k > 0) power = mul(power, square(factor));
      return mul(c, power);
    });
    return { variable, coefficients };
  }
  if (node.kind !== 'binary') return null;
  const of = (each: Expression): Series | null => seriesOf(each, isUniform, coefficientsOf);
  if (node.name === 'multiply') {
    const [factor, rest] = isUniform(node.left) ? [node.left, node.right] : [node.right, node.left];
    const inner = isUniform(factor) ? of(rest) : null;
    return inner && { ...inner, coefficients: inner.coefficients.map((c) => mul(factor, c)) };
  }
  if (node.name !== 'add' && node.name !== 'subtract') return null;
  const [left, right] = [of(node.left), of(node.right)];
  if (!left || left.variable !== right?.variable) return null;
  const sign = node.name === 'add' ? (c: Expression) => c : neg;
  const length = Math.max(left.coefficients.length, right.coefficients.length);
  const coefficients = Array.from({ length }, (_, k) => {
    const [a, b] = [left.coefficients[k], right.coefficients[k]];
    return a && b ? add(a, sign(b)) : (a ?? sign(b as Expression));
  });
  return { variable: left.variable, coefficients };
}

/** v·Σ c_k·v^2k by Horner's rule. */
export function valueOfSeries({ variable, coefficients }: Series): Expression {
  const z = square(variable);
  return mul(
    variable,
    coefficients.reduceRight((total, c) => add(c, mul(total, z))),
  );
}
