/**
 * Odd polynomials of one value, v·Σ c_k·v^2k, and even ones, Σ c_k·v^2k, with coefficients that are the same for all
 * elements. Sums and multiples of such are such: atan(a·x) + asin(b·x) is one polynomial of x, whose coefficients are made
 * once for all elements, and its derivative is another.
 */
import type { Expression } from '@isoact/core';
import { add, constant, mul, neg, square } from '@isoact/core/expression';
import { factorsOf, type IsUniform } from './products.ts';

export interface Series {
  readonly isOdd: boolean;
  readonly variable: Expression;
  /** Lowest power first. */
  readonly coefficients: readonly Expression[];
}

/** A function of its argument as a polynomial, where the argument is known to lie in the interval that this serves. */
export interface KnownSeries {
  readonly isOdd: boolean;
  readonly argument: Expression;
  readonly coefficients: readonly number[];
}

export function seriesOf(
  node: Expression,
  isUniform: IsUniform,
  known: (node: Expression) => KnownSeries | null,
): Series | null {
  const own = known(node);
  if (own) {
    const { number, uniform, varying } = factorsOf(own.argument, isUniform);
    const [variable] = varying;
    if (!variable || varying.length > 1) return null;
    const factor = [...uniform, constant(number)].reduce(mul);
    let power = own.isOdd ? factor : constant(1);
    const coefficients = own.coefficients.map((c, k) => {
      if (k > 0) power = mul(power, square(factor));
      return mul(c, power);
    });
    return { isOdd: own.isOdd, variable, coefficients };
  }
  if (node.kind !== 'binary') return null;
  const of = (each: Expression): Series | null => seriesOf(each, isUniform, known);
  if (node.name === 'multiply') {
    const [factor, rest] = isUniform(node.left) ? [node.left, node.right] : [node.right, node.left];
    const inner = isUniform(factor) ? of(rest) : null;
    return inner && { ...inner, coefficients: inner.coefficients.map((c) => mul(factor, c)) };
  }
  if (node.name !== 'add' && node.name !== 'subtract') return null;
  const [left, right] = [of(node.left), of(node.right)];
  if (!left || left.variable !== right?.variable || left.isOdd !== right.isOdd) return null;
  const sign = node.name === 'add' ? (c: Expression) => c : neg;
  const length = Math.max(left.coefficients.length, right.coefficients.length);
  const coefficients = Array.from({ length }, (_, k) => {
    const [a, b] = [left.coefficients[k], right.coefficients[k]];
    return a && b ? add(a, sign(b)) : (a ?? sign(b as Expression));
  });
  return { ...left, coefficients };
}

/** The polynomial as two by Horner's rule, of every other power each, which a processor computes side by side. */
export function valueOfSeries({ isOdd, variable, coefficients }: Series): Expression {
  const z = square(variable);
  const half = (remainder: number): Expression =>
    coefficients.filter((_, power) => power % 2 === remainder).reduceRight((total, c) => add(c, mul(total, square(z))));
  const even = coefficients.length > 1 ? add(half(0), mul(half(1), z)) : half(0);
  return isOdd ? mul(variable, even) : even;
}
