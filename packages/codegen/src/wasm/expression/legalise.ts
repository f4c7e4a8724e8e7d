/**
 * Expressions as what the target computes itself: library functions written out, in the cheapest form that the bounds
 * of their argument allow, and products with a function's tail rounded where they end up.
 *
 * Nodes are interned, so what two functions share (σ(t) and σ(-t) share nearly all) is one node again, which calls of
 * functions would not find.
 */
import {
  type Expression,
  type FunctionName,
  type Node,
  type Predicate,
  type RangedFunction,
  type Split,
  topologicalOrder,
} from '@isoact/core';
import {
  abs,
  add,
  argument,
  asin,
  atan,
  div,
  equal,
  mapOperands,
  maximum,
  minimum,
  mul,
  neg,
  scaleByPowerOfTwo,
  select,
  vanishingProduct,
} from '@isoact/core/expression';
import {
  type ConditionedFunction,
  conditionedLibrary,
  decay,
  float32Library,
  rangedLibrary,
  splitLibrary,
} from '@isoact/core/numerics';
import { withFewerProducts } from './common-factors.ts';
import { isNormalExponent, markNormal } from './exponents.ts';
import { type Factors, factorsOf, gathered, type IsUniform, withoutMinus } from './products.ts';
import { boundsOf, type Facts, factsWhere, outcomeOf } from './range.ts';
import { type KnownSeries, seriesOf, valueOfSeries } from './series.ts';
import { simplify } from './simplify.ts';
import { softplusForm, splitTanh, valueOf } from './softplus-forms.ts';

export interface Legaliser {
  /** Rewrites a node; statistics are leaves, and stay as they are. */
  readonly legalise: <T extends Node>(node: T) => T;
  /** Selects that give an odd function of a value its sign: 0 where that is 0. */
  readonly odd: ReadonlySet<Node>;
  /** The parameters whose bounds have been relied on. */
  readonly relied: ReadonlySet<string>;
}

/** What is the same for many elements. */
export interface Uniform {
  /** Parameters that are one number for all. */
  readonly isUniform: IsUniform;
  /** Whether a value is not one for each element: one for each row, say. */
  readonly isCoarse: (node: Node) => boolean;
}

/** Functions whose library body is right down to 0 in IEEE arithmetic, but for the sign of 0. */
const rightNearZero: ReadonlySet<string> = new Set(['atan', 'asin', 'tanh']);

type Binary = Extract<Expression, { kind: 'binary' }>;
type Unary = Extract<Expression, { kind: 'unary' }>;

/**
 * Legalises where facts hold. With `uniform`, in forms for elements that
 * are within bounds: see `conditionedLibrary` for what those owe.
 */
export function createLegaliser(facts: Facts, uniform: Uniform | null): Legaliser {
  const odd = new Set<Node>();
  const relied = new Set<string>();
  return { legalise: legaliserUnder(facts), odd, relied };

  /** Legalises where these facts hold. */
  function legaliserUnder(facts: Facts): Legaliser['legalise'] {
    const known = new Map<Node, Node>();
    const splits = new Map<Expression, Split | null>();
    return legalise;

    function legalise<T extends Node>(node: T): T {
      let result = known.get(node);
      if (!result) {
        result = rewrite(node);
        known.set(node, result);
      }
      return result as T; // an expression becomes an expression, a predicate a predicate
    }

    function rewrite(node: Node): Node {
      switch (node.kind) {
        case 'statistic':
        case 'count':
          return node;
        case 'binary': {
          const parts = split(node);
          if (parts) return whole(parts);
          const series = uniform && seriesOf(node, uniform.isUniform, knownSeries);
          if (series) return valueOfSeries({ ...series, variable: legalise(series.variable) });
          const factored = uniform && withFewerProducts(node, (term) => factorsWithin(term, uniform));
          if (factored) return legalise(factored);
          return simplify(mapOperands(canVanish(node) ? node : mul(node.left, node.right), legalise));
        }
        case 'select': {
          const branch = chosen(node);
          if (branch !== node) return legalise(branch);
          const under = (outcome: boolean) => {
            const inner = factsWhere(node.condition, outcome, facts);
            return inner === facts ? legalise : legaliserUnder(inner);
          };
          return simplify(select(legalise(node.condition), under(true)(node.whenTrue), under(false)(node.whenFalse)));
        }
        case 'unary':
          return rewriteUnary(node);
        default:
          return simplify(mapOperands(node, legalise));
      }
    }

    /** What a condition comes to for all elements within bounds. */
    function certain(condition: Predicate): boolean | null {
      if (!uniform) return null;
      if (condition.kind === 'isNaN' && isNumber(condition.operand)) return false;
      return isInfinityOfStatistic(condition) ? false : outcomeOf(condition, facts);
    }

    /** What a value is where a choice is certain. */
    function chosen(node: Expression): Expression {
      const sure = node.kind === 'select' ? certain(node.condition) : null;
      return node.kind === 'select' && sure !== null ? chosen(sure ? node.whenTrue : node.whenFalse) : node;
    }

    /** The factors of a term, for elements within bounds. */
    function factorsWithin(term: Expression, { isUniform, isCoarse }: Uniform): Factors {
      const seen = (given: Expression): Expression => {
        const node = chosen(given);
        const isProduct = node.kind === 'binary' && node.name === 'vanishingProduct' && !canVanish(node);
        return isProduct ? mul(node.left, node.right) : node;
      };
      return factorsOf(term, (node) => isUniform(node) || isCoarse(node), seen);
    }

    /** Whether this is a plain operation, or a product that may have to vanish after all. */
    function canVanish({ name, left, right }: Binary): boolean {
      return name !== 'vanishingProduct' || (boundsOf(chosen(right), facts)[0] <= 0 && !isNumber(left));
    }

    /** Whether a value is a number, and finite: elements within bounds are, and the statistics beside them. */
    function isNumber(node: Expression): boolean {
      if (!uniform || !boundsOf(node, facts).every(Number.isFinite)) return false;
      return topologicalOrder([node]).every((each) => each.kind !== 'input' || facts.has(each));
    }

    function rewriteUnary(node: Unary): Expression {
      const form = softplusForm(node);
      if (form) return valueOf(form, legalise(form.t), legalise(form.exponential));
      // it has done its work in the gradient; here it marks exponents
      if (node.name === 'detach') return legalise(node.operand);
      const close = uniform && conditioned(node);
      if (close) return conditionedForm(node, close, uniform.isUniform);
      const ranged = rangedBody(node);
      if (ranged) return substitute(ranged, legalise(node.operand));
      if (node.name === 'exp') return whole(split(node) as Split); // shares all with a product's
      const body = float32Library[node.name as FunctionName] as Expression | undefined;
      if (!body) return simplify(mapOperands(node, legalise)) as Expression;
      if (!rightNearZero.has(node.name) || body.kind !== 'select') return substitute(body, legalise(node.operand));
      const result = substitute(body.whenFalse, legalise(node.operand));
      odd.add(result);
      return result;
    }

    function conditionedForm({ name, operand }: Unary, found: RangedFunction, isUniform: IsUniform): Expression {
      const write = (library: Pick<RangedFunction, 'body' | 'from' | 'to'>, over: Expression): Expression =>
        substitute(withMarkedExponents(library), legalise(over), (node) => gathered(node, isUniform));
      const positive = name === 'sigmoid' && found.to > 1 && withoutMinus(operand, isUniform);
      // σ(-t) = e^-t·σ(t)
      return positive ? mul(write(decay, positive), write(found, positive)) : write(found, operand);
    }

    function conditioned(node: Unary): ConditionedFunction | null {
      return fitting(conditionedLibrary, node);
    }

    function knownSeries(node: Expression): KnownSeries | null {
      if (node.kind !== 'unary') {
        const primitive = primitiveOf(node);
        const coefficients = primitive && conditioned(primitive)?.slope;
        return coefficients ? { isOdd: false, argument: primitive.operand, coefficients } : null;
      }
      const coefficients = conditioned(node)?.series;
      return coefficients ? { isOdd: true, argument: node.operand, coefficients } : null;
    }

    function rangedBody(node: Unary): Expression | null {
      const found = fitting(rangedLibrary, node);
      return found && withMarkedExponents(found);
    }

    /** The function of a library whose interval holds what is known of the argument. */
    function fitting<T extends RangedFunction>(library: readonly T[], { name, operand }: Unary): T | null {
      const candidates = library.filter((each) => each.name === name);
      if (candidates.length === 0) return null;
      const under = (known: Facts): T | undefined => {
        const [low, high] = boundsOf(operand, known);
        return candidates.find(({ from, to }) => from <= low && high <= to);
      };
      const found = under(facts);
      if (!found) return null;
      const others = new Map([...facts].filter(([node]) => node.kind !== 'parameter'));
      if (under(others) !== found) {
        for (const node of topologicalOrder([operand])) if (node.kind === 'parameter') relied.add(node.name);
      }
      return found;
    }

    /**
     * A product with a function's tail, as significand and exponent, so that it is rounded where it ends up and not
     * where the tail alone would be subnormal or 0; null for what has no such factor.
     */
    function split(node: Expression): Split | null {
      let parts = splits.get(node);
      if (parts === undefined) {
        parts = findSplit(node);
        splits.set(node, parts);
      }
      return parts;
    }

    function findSplit(node: Expression): Split | null {
      if (node.kind === 'unary') {
        if (node.name === 'negate') {
          const parts = split(node.operand);
          return parts && { ...parts, significand: neg(parts.significand) };
        }
        const form = softplusForm(node);
        if (form?.kind === 'tanh') {
          const tail = split(form.exponential);
          return tail && splitTanh(legalise(form.t), legalise(form.exponential), tail);
        }
        if (form) return null;
        const tail = splitLibrary[node.name as keyof typeof splitLibrary] as Split | undefined;
        if (!tail || rangedBody(node) || (uniform && conditioned(node))) return null;
        const operand = legalise(node.operand);
        return { significand: substitute(tail.significand, operand), exponent: substitute(tail.exponent, operand) };
      }
      if (node.kind !== 'binary') return null;
      if (node.name === 'divide') {
        const parts = split(node.left);
        return parts && { ...parts, significand: div(parts.significand, legalise(node.right)) };
      }
      if (node.name !== 'multiply' && node.name !== 'vanishingProduct') return null;
      const [left, right] = [split(node.left), split(node.right)];
      if (!left && !right) return null;
      // what a number of small size brings back into range was within some last bits of it
      const isSmall = (other: Expression): boolean => boundsOf(other, facts).every((each) => Math.abs(each) <= 8);
      if (
        uniform &&
        ((left && uniform.isCoarse(node.left) && isSmall(node.right)) ||
          (right && uniform.isCoarse(node.right) && isSmall(node.left)))
      )
        return null;
      return {
        significand: (node.name === 'multiply' ? mul : vanishingProduct)(
          left?.significand ?? legalise(node.left),
          right?.significand ?? legalise(node.right),
        ),
        exponent: left && right ? sumOfExponents(left, right) : ((left ?? right) as Split).exponent,
      };
    }
  }
}

/** Whether a statistic is asked for which is infinite: those beside elements within bounds are not. */
const isInfinityOfStatistic = (condition: Predicate): boolean =>
  condition.kind === 'comparison' &&
  condition.left.kind === 'unary' &&
  condition.left.operand.kind === 'statistic' &&
  condition === equal(abs(condition.left.operand), Infinity);

/** The function of a series whose derivative a quotient is, or null. */
function primitiveOf(node: Expression): Unary | null {
  if (node.kind !== 'binary' || node.name !== 'divide') return null;
  // the argument is the last of what the divisor's operations end in
  for (let t = node.right; t.kind === 'unary' || t.kind === 'binary'; ) {
    t = t.kind === 'unary' ? t.operand : t.right;
    for (const primitive of [atan, asin]) {
      const slope = primitive.operation.derivative?.(t, t);
      if (slope === node || (slope?.kind === 'select' && slope.whenTrue === node)) return primitive(t) as Unary; // of no constant
    }
  }
  return null;
}

const whole = ({ significand, exponent }: Split): Expression => scaleByPowerOfTwo(significand, exponent);

/** Exponents beyond these make 0 or infinity of any significand, and could not be halved. */
const [leastExponent, greatestExponent] = [-252, 254];

function sumOfExponents(left: Split, right: Split): Expression {
  const sum = add(left.exponent, right.exponent);
  const [low, high] = boundsOf(sum);
  const fromBelow = low < leastExponent ? maximum(sum, leastExponent) : sum;
  return high > greatestExponent ? minimum(fromBelow, greatestExponent) : fromBelow;
}

const marked = new WeakMap<Expression, Expression>();

/** A library body in which those exponents that its range keeps short are marked, for whoever makes powers of two. */
function withMarkedExponents({ body, from, to }: Pick<RangedFunction, 'body' | 'from' | 'to'>): Expression {
  const range: Facts = new Map([[argument(), [from, to]]]);
  const known = new Map<Node, Node>();
  const rewrite = <T extends Node>(node: T): T => {
    let result = known.get(node);
    if (!result) {
      const isShort =
        node.kind === 'binary' && node.name === 'scaleByPowerOfTwo' && isNormalExponent(boundsOf(node.right, range));
      result = isShort
        ? scaleByPowerOfTwo(rewrite(node.left), markNormal(rewrite(node.right)))
        : mapOperands(node, rewrite);
      known.set(node, result);
    }
    return result as T; // an expression becomes an expression, a predicate a predicate
  };
  const result = marked.get(body) ?? rewrite(body);
  marked.set(body, result);
  return result;
}

/** A library body over a given argument; `then` rewrites what has been put together. */
function substitute(
  library: Expression,
  operand: Expression,
  then: (node: Expression) => Expression = (node) => node,
): Expression {
  const replaced = new Map<Node, Node>();
  const replace = <T extends Expression | Predicate>(node: T): T => {
    let result = replaced.get(node);
    if (!result) {
      result = node.kind === 'argument' ? operand : simplify(mapOperands(node, replace));
      if (result.kind === 'binary') result = then(result);
      replaced.set(node, result);
    }
    return result as T;
  };
  return replace(library);
}
