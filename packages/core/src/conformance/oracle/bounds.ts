/**
 * The error that a good float32 implementation may make, as graphs in the expression language itself.
 *
 *     tol = a·ulp(T) + u·(a·A + b·B + c·C + K) (+ 2^-126·F where subnormals are flushed)
 *
 * - T is the magnitude of the value's terms, C = max(1,|x|)·max(|upstream|, 2^-126).
 * - B is the greatest effect |t·∂F/∂t|, every statistic held still, of t = x and of the arguments t of library functions,
 *   the latter together with the effects of the function values that they are computed from. Where paths from x cancel,
 *   x·∂F/∂x misses what rounding an argument costs: in VeLU's σ(α·(atan(β1·x) + asin(β2·x))) beyond |β2·x| = 1 the angle
 *   still has ulps, those of atan and asin among them, which σ's tail multiplies by the angle's size, while x hardly
 *   moves it. Float32 code with functions within 2 ulp was seen to miss a B of x alone by up to 1.2 times there.
 *   Where x is read inside of x - mean alone, |x - mean| and the pivot's distance stand for |x|: the digits that x has above
 *   the spread of its group cost nothing.
 * - F is the sum of |∂F/∂t| over every step t of the computation, at least max(1, |x|, |upstream|): each may be flushed.
 * - Each statistic S adds |∂F/∂S|·tol(S), to each coefficient its own share; A and K are nothing else. The tolerance of
 *   a statistic, with dᵢ = tᵢ - mean, D the greatest |dᵢ| of the group, and k the depth of a sum of n terms:
 *
 *       sum       Σ tol(tᵢ) + (k+1)·u·Σ|tᵢ|
 *       mean      the same over n; where the variance of the same operand is gathered beside it, or t - mean is read, so
 *                 that the mean comes from the sum of tᵢ - p about a pivot p that may be any element, + (k+1)·u·D
 *       t - mean  the mean about the pivot alone: Σ tol(tᵢ)/n + (k+1)·u·(Σ|dᵢ|/n + D)
 *       variance  Σ 2|dᵢ|·tol(tᵢ)/n + (k+1)·u·V + 2u·(V + D·Σ|dᵢ|/n)
 *       count     0: counts are integers, and exact
 *
 *   In the variance an error of the mean itself has no first-order effect, since Σdᵢ is 0; what remains of the pivot is
 *   the rounding of each tᵢ - p, u·|tᵢ - p| ≤ u·(|dᵢ| + D), weighted with 2|dᵢ|/n. All of these vanish for equal values;
 *   (k+1)·2^-149 remains, since squares of tiny deviations are subnormal.
 * - A coefficient that is not finite grants nothing.
 * - Inside sums, ulp(T) counts as 2u·T + 2^-149, which it never exceeds.
 * - The c-term stands for the absolute error of frameworks' own functions, so a term of a sum gets it only if it calls
 *   one; a term with the upstream gradient in it scales it.
 */
import {
  abs,
  add,
  constant,
  div,
  input,
  less,
  maximum,
  mean,
  moments,
  mul,
  parameter,
  select,
  size,
  sub,
  sum,
} from '../../expression/build.ts';
import { type Expression, type Extent, type Node, topologicalOrder } from '../../expression/node.ts';
import { upstreamPenalty } from '../../graph/differentiate.ts';
import { type DeviationForm, deviationOf, distance, greatestDistance } from './deviation.ts';
import { createMagnitude, isExact } from './magnitude.ts';
import { type Partials, partialsOf } from './partials.ts';
import { elementwiseOrder } from './schedule.ts';

/** Coefficients of a, b, c, the floor of flushed subnormals, and of the depth of sums, in units of u (the floor of 2^-126). */
interface Coefficients {
  readonly a: Expression;
  readonly b: Expression;
  readonly c: Expression;
  readonly floor: Expression;
  readonly k: Expression;
}
const names = ['a', 'b', 'c', 'floor', 'k'] as const;

export interface Bound extends Coefficients {
  readonly value: Expression;
  readonly magnitude: Expression;
}

/** The parameter that holds k+1 of an extent's sums, or 0 where no such error is granted. */
export const depthParameter = (extent: Extent): string => `depth of ${JSON.stringify(extent)}`;

const x = input('x');
const zero = constant(0);
const noError: Coefficients = { a: zero, b: zero, c: zero, floor: zero, k: zero };
/** 2^-149 in units of u. */
const subnormalUlp = 2 ** -125;

export interface Bounds {
  readonly maxima: ReadonlyMap<Expression, Expression>;
  readonly boundOf: (root: Expression) => Bound;
  /** The error of a value that steers something, apart from its own last operations. */
  readonly inheritedBy: (operand: Expression) => Coefficients;
  /** What flushing every step of a value to 0 may cost it, in units of 2^-126. */
  readonly flushedOf: (operand: Expression) => Expression;
  readonly magnitudeOf: (node: Expression) => Expression;
}

/** The bounds of one graph's values. `direction` tells whether an upstream gradient scales them. */
export function createBounds(direction: 'forward' | 'vjp', roots: readonly Expression[], form: DeviationForm): Bounds {
  const maxima = new Map<Expression, Expression>();
  const graph = new Set(topologicalOrder(roots));
  const magnitude = createMagnitude(maxima, form);
  const fields = new Map<Expression, Coefficients>();
  const statistics = new Map<Expression, Coefficients>();
  const upstream =
    direction === 'forward'
      ? constant(1)
      : maximum(
          [...graph]
            .filter(isUpstream)
            .reduce(
              (greatest, part) => maximum(greatest, abs(part)),
              maximum(abs(input('upstream')), div(abs(parameter(upstreamPenalty)), size('tensor'))),
            ),
          2 ** -126,
        );
  const reach = maximum(1, abs(x));

  return {
    maxima,
    boundOf,
    inheritedBy: (operand) => throughStatistics(partialsOf(operand, form)),
    flushedOf: (operand) => flushed(partialsOf(operand, form).steps),
    magnitudeOf: magnitude,
  };

  function boundOf(root: Expression): Bound {
    // counts are integers, and read as they are
    if (root.kind === 'count' || root.kind === 'state') return { ...noError, value: root, magnitude: zero };
    const nodes = elementwiseOrder([root]);
    const partials = partialsOf(root, form);
    const inherited = throughStatistics(partials);
    const own = perElement(root, partials);
    const isField = nodes.some((node) => node.kind === 'input');
    return {
      value: root,
      magnitude: magnitude(root),
      a: inherited.a,
      b: add(own.b, inherited.b),
      c: isField ? add(mul(reach, upstream), inherited.c) : inherited.c,
      floor: add(isField ? own.floor : 1, inherited.floor),
      k: inherited.k,
    };
  }

  /** The error of a term before it is summed. */
  function fieldOf(term: Expression): Coefficients {
    let result = fields.get(term);
    if (!result) {
      const partials = partialsOf(term, form);
      result = isExact(term) ? noError : combine(add, perElement(term, partials), throughStatistics(partials));
      fields.set(term, result);
    }
    return result;
  }

  function perElement(term: Expression, { x: slope, steps, deviations }: Partials): Coefficients {
    const nodes = elementwiseOrder([term]);
    const callsFunction = nodes.some((node) => node.kind === 'unary' && !isElementary(node.name));
    const scale = nodes.some(isUpstream) ? upstream : constant(1);
    return {
      a: finite(add(mul(2, magnitude(term)), subnormalUlp)),
      b: [...deviations].map(weighDeviation).reduce((one, two) => maximum(one, two), conditioning(slope, steps)),
      c: callsFunction ? mul(reach, scale) : zero,
      floor: maximum(maximum(reach, scale), flushed(steps)),
      k: zero,
    };
  }

  /** x - mean has an error relative to itself and to the pivot's distance; that of x, however far off, is not in it. */
  function weighDeviation([difference, slope]: readonly [Expression, Expression]): Expression {
    return finite(abs(mul(magnitude(difference), slope)));
  }

  /** B: what x or a function's argument weighs, and the functions whose values that argument is made of. */
  function conditioning(slope: Expression | null, steps: Partials['steps']): Expression {
    const weigh = (node: Expression): Expression => finite(abs(mul(node, steps.get(node) ?? 0)));
    const calls = [...steps.keys()].filter((node) => node.kind === 'unary' && !isElementary(node.name));
    const effects = calls.map((call) => {
      const { operand } = call as Extract<Expression, { kind: 'unary' }>;
      const inner = new Set<Node>(elementwiseOrder([operand]));
      return calls
        .filter((each) => inner.has(each))
        .map(weigh)
        .reduce(add, weigh(operand));
    });
    const ofX = slope ? finite(abs(mul(x, slope))) : zero;
    return effects.reduce((greatest, effect) => maximum(greatest, effect), ofX);
  }

  function throughStatistics({ statistics: bySelf, centres }: Partials): Coefficients {
    let total = noError;
    const contribute = (slope: Expression, coefficients: Coefficients): void => {
      total = combine(
        add,
        total,
        combine((left, right) => finite(mul(left, right)), spread(abs(slope)), coefficients),
      );
    };
    for (const [statistic, slope] of bySelf) contribute(slope, statisticOf(statistic));
    for (const [difference, slope] of centres) contribute(slope, centreOf(difference));
    return total;
  }

  function statisticOf(node: Expression): Coefficients {
    let result = statistics.get(node);
    if (!result) {
      result = buildStatistic(node);
      statistics.set(node, result);
    }
    return result;
  }

  function buildStatistic(node: Expression): Coefficients {
    if (node.kind !== 'statistic') return noError;
    const { operand, extent } = node;
    const terms = fieldOf(operand);
    const depth = parameter(depthParameter(extent));
    switch (node.name) {
      case 'sum':
        return {
          ...over(terms, (term) => sum(term, extent)),
          k: add(sumOf(terms.k, extent), mul(depth, sum(abs(operand), extent))),
        };
      case 'mean': {
        const isPivoted = graph.has(moments(operand, extent).variance) || graph.has(sub(operand, node));
        const summed = mean(abs(operand), extent);
        const gathered = isPivoted ? add(summed, greatestDistance(operand, node, extent, maxima)) : summed;
        return { ...over(terms, (term) => mean(term, extent)), k: add(meanOf(terms.k, extent), mul(depth, gathered)) };
      }
      case 'variance': {
        const centre = mean(operand, extent);
        const away = distance(operand, centre);
        const weighted = over(terms, (term) => mean(mul(mul(2, away), term), extent));
        const rounding = mul(2, add(node, mul(mean(away, extent), greatestDistance(operand, centre, extent, maxima))));
        return {
          ...weighted,
          floor: add(weighted.floor, 1), // the square of a tiny deviation may be flushed
          k: add(add(weighted.k, mul(depth, node)), add(rounding, mul(depth, subnormalUlp))),
        };
      }
    }
  }

  /** The mean about a pivot, inside of t - mean(t). */
  function centreOf(difference: Expression): Coefficients {
    const deviation = deviationOf(difference, form);
    if (!deviation) throw new TypeError('a centre belongs to a difference t - mean(t)');
    const { operand, mean: centre, extent } = deviation;
    const terms = over(fieldOf(operand), (term) => mean(term, extent));
    const spreadOf = add(mean(distance(operand, centre), extent), greatestDistance(operand, centre, extent, maxima));
    return { ...terms, k: add(terms.k, mul(parameter(depthParameter(extent)), spreadOf)) };
  }
}

const elementary = new Set(['negate', 'absolute', 'floor', 'round', 'sqrt', 'highPart', 'detach']);
const isElementary = (name: string): boolean => elementary.has(name);

/** The value where it is finite, else 0. */
const finite = (value: Expression): Expression =>
  value.kind === 'constant' ? value : select(less(abs(value), Number.POSITIVE_INFINITY), value, 0);

const flushed = (steps: Partials['steps']): Expression =>
  [...steps.values()].map((step) => finite(abs(step))).reduce(add, zero);

const isUpstream = (node: Node): node is Extract<Expression, { kind: 'input' }> =>
  node.kind === 'input' && node.name === 'upstream';

const isZero = (node: Expression): boolean => node.kind === 'constant' && node.value === 0;
const sumOf = (term: Expression, extent: Extent): Expression => (isZero(term) ? zero : sum(term, extent));
const meanOf = (term: Expression, extent: Extent): Expression => (isZero(term) ? zero : mean(term, extent));

const spread = (value: Expression): Coefficients => ({ a: value, b: value, c: value, floor: value, k: value });

function combine(
  operation: (left: Expression, right: Expression) => Expression,
  left: Coefficients,
  right: Coefficients,
): Coefficients {
  const merge = (name: (typeof names)[number]): Expression => {
    const [l, r] = [left[name], right[name]];
    if (operation === add) return isZero(l) ? r : isZero(r) ? l : add(l, r);
    return isZero(l) || isZero(r) ? zero : operation(l, r);
  };
  return { a: merge('a'), b: merge('b'), c: merge('c'), floor: merge('floor'), k: merge('k') };
}

function over(terms: Coefficients, reduce: (term: Expression) => Expression): Coefficients {
  const reduced = (term: Expression): Expression => (isZero(term) ? zero : reduce(term));
  return {
    a: reduced(terms.a),
    b: reduced(terms.b),
    c: reduced(terms.c),
    floor: reduced(terms.floor),
    k: reduced(terms.k),
  };
}
