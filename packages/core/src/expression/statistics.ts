/** Statistics over an extent: for each its value over a group in float64, and what it hands to the group's elements. */
import { div, mul, sub, vanishingProduct } from './arithmetic.ts';
import { asExpression, type Operand, size } from './leaves.ts';
import { type Expression, type Extent, intern, type Predicate, type StatisticOperation } from './node.ts';

export type StatisticConstructor = ((operand: Operand, extent: Extent) => Expression) & {
  readonly operation: StatisticOperation;
};

const statistic = (operation: StatisticOperation): StatisticConstructor =>
  Object.assign(
    (operand: Operand, extent: Extent): Expression =>
      intern({ kind: 'statistic', name: operation.name, operation, operand: asExpression(operand), extent }),
    { operation },
  );

/** Compensated (Neumaier 1974); a sum that is not finite is the plain one. */
export const compensatedSum: StatisticOperation['evaluate'] = (size, at) => {
  let [total, correction] = [0, 0];
  for (let k = 0; k < size; k++) {
    const value = at(k);
    const next = total + value;
    correction += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return Number.isFinite(total) ? total + correction : total;
};

const finiteOr0 = (value: number): number => (Number.isFinite(value) ? value : 0);

/** Of the distances to a finite element of the group: a constant group has exactly its own value. */
const meanOf: StatisticOperation['evaluate'] = (size, at) => {
  const pivot = finiteOr0(at(0));
  return pivot + compensatedSum(size, (k) => at(k) - pivot) / size;
};

/** Centred; +∞ for a group that holds an infinity and no NaN. */
const varianceOf: StatisticOperation['evaluate'] = (size, at) => {
  const centre = finiteOr0(meanOf(size, at));
  const squaredDistance = (value: number): number => (Math.abs(value) === Infinity ? Infinity : (value - centre) ** 2);
  return compensatedSum(size, (k) => squaredDistance(at(k))) / size;
};

export const sum: StatisticConstructor = /* @__PURE__ */ statistic({
  name: 'sum',
  evaluate: compensatedSum,
  share: (total) => total,
});
export const mean: StatisticConstructor = /* @__PURE__ */ statistic({
  name: 'mean',
  evaluate: meanOf,
  share: (total, _, extent) => div(total, size(extent)),
});
export const variance: StatisticConstructor = /* @__PURE__ */ statistic({
  name: 'variance',
  evaluate: varianceOf,
  share: (total, t, extent) => vanishingProduct(mul(div(2, size(extent)), sub(t, mean(t, extent))), total),
});

/** Mean and centred variance (ddof 0) of the same operand, gathered in one pass. */
export const moments = (operand: Operand, extent: Extent): { mean: Expression; variance: Expression } => ({
  mean: mean(operand, extent),
  variance: variance(operand, extent),
});
/** The number of elements of the extent for which the predicate holds. */
export const count = (where: Predicate, extent: Extent): Expression => intern({ kind: 'count', where, extent });
