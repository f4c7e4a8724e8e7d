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
  add,
  argument,
  binary,
  either,
  mapOperands,
  maximum,
  minimum,
  mul,
  neg,
  scaleByPowerOfTwo,
  select,
} from '@isoact/core/expression';
import { float32Library, rangedLibrary, splitLibrary } from '@isoact/core/numerics';
import { withEstrin } from './estrin.ts';
import { isNormalExponent, markNormal } from './exponents.ts';
import { boundsOf, type Facts, factsWhere, isNever } from './range.ts';
import { simplify } from './simplify.ts';
import { softplusForm, splitTanh, valueOf } from './softplus-forms.ts';
import { tailsOf } from './tails.ts';

export interface Legaliser {
  /** Rewrites a node; statistics are leaves, and stay as they are. */
  readonly legalise: <T extends Node>(node: T) => T;
  /** Selects that give an odd function of a value its sign: 0 where that is 0. */
  readonly odd: ReadonlySet<Node>;
  /** The parameters whose bounds have been relied on. */
  readonly relied: ReadonlySet<string>;
}

/** Functions whose library body is right down to 0 in IEEE arithmetic, but for the sign of 0. */
const rightNearZero: ReadonlySet<string> = new Set(['atan', 'asin', 'tanh']);

type Binary = Extract<Expression, { kind: 'binary' }>;

/** Legalises where facts hold; `usual` are bounds of most elements, which choose between forms that are all right. */
export function createLegaliser(facts: Facts, usual: Facts): Legaliser {
  const odd = new Set<Node>();
  const relied = new Set<string>();
  return { legalise: legaliserUnder(facts).legalise, odd, relied };

  /** A legaliser for where these facts hold. */
  function legaliserUnder(facts: Facts): Pick<Legaliser, 'legalise'> & { split(node: Expression): Split | null } {
    const known = new Map<Node, Node>();
    const splits = new Map<Expression, Split | null>();
    return { legalise, split };

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
          if (parts) return withoutRareTail(node, whole(parts));
          return simplify(mapOperands(canVanish(node) ? node : mul(node.left, node.right), legalise));
        }
        case 'select': {
          const under = (outcome: boolean) => {
            const inner = factsWhere(node.condition, outcome, facts);
            return inner === facts ? legalise : legaliserUnder(inner).legalise;
          };
          return simplify(select(legalise(node.condition), under(true)(node.whenTrue), under(false)(node.whenFalse)));
        }
        case 'unary':
          return rewriteUnary(node);
        default:
          return simplify(mapOperands(node, legalise));
      }
    }

    /** Whether this is a plain operation, or a product that may have to vanish after all. */
    function canVanish({ name, right }: Binary): boolean {
      return name !== 'vanishingProduct' || boundsOf(right, facts)[0] <= 0;
    }

    /** Where the tails of a product's functions are rare, it is a plain product but for there. */
    function withoutRareTail(node: Binary, product: Expression): Expression {
      const tails = [...new Map(tailsOf(node).map((tail) => [tail.isBeyond, tail])).values()].sort(
        (a, b) => a.isBeyond.id - b.isBeyond.id, // one order, so that products of the same functions share a condition
      );
      if (!tails.every(({ isBeyond }) => isNever(isBeyond, usual))) return product;
      const conditions = tails.map(({ isBeyond }) => legalise(isBeyond));
      const inner = legaliserUnder(new Map([...facts, ...tails.flatMap(({ inside }) => inside)]));
      if (conditions.length === 0 || inner.split(node)) return product;
      return select(conditions.reduce(either), product, inner.legalise(node));
    }

    function rewriteUnary(node: Extract<Expression, { kind: 'unary' }>): Expression {
      const form = softplusForm(node);
      if (form) return valueOf(form, legalise(form.t), legalise(form.exponential));
      // it has done its work in the gradient; here it marks exponents
      if (node.name === 'detach') return legalise(node.operand);
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

    function rangedBody({ name, operand }: Extract<Expression, { kind: 'unary' }>): Expression | null {
      const candidates = rangedLibrary.filter((each) => each.name === name);
      if (candidates.length === 0) return null;
      const fitting = (known: Facts): RangedFunction | undefined => {
        const [low, high] = boundsOf(operand, known);
        return candidates.find(({ from, to }) => from <= low && high <= to);
      };
      const found = fitting(facts);
      if (!found) return null;
      const others = new Map([...facts].filter(([node]) => node.kind !== 'parameter'));
      if (fitting(others) !== found) {
        for (const node of topologicalOrder([operand])) if (node.kind === 'parameter') relied.add(node.name);
      }
      return withMarkedExponents(found);
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
        if (!tail || rangedBody(node)) return null;
        const operand = legalise(node.operand);
        return { significand: substitute(tail.significand, operand), exponent: substitute(tail.exponent, operand) };
      }
      if (node.kind !== 'binary') return null;
      if (node.name === 'divide') {
        const parts = split(node.left);
        return parts && { ...parts, significand: binary('divide', parts.significand, legalise(node.right)) };
      }
      if (node.name !== 'multiply' && node.name !== 'vanishingProduct') return null;
      const [left, right] = [split(node.left), split(node.right)];
      if (!left && !right) return null;
      return {
        significand: binary(
          node.name,
          left?.significand ?? legalise(node.left),
          right?.significand ?? legalise(node.right),
        ),
        exponent: left && right ? sumOfExponents(left, right) : ((left ?? right) as Split).exponent,
      };
    }
  }
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

const marked = new WeakMap<RangedFunction, Expression>();

/** A ranged body in which those exponents that its range keeps short are marked, for whoever makes powers of two. */
function withMarkedExponents(ranged: RangedFunction): Expression {
  const range: Facts = new Map([[argument(), [ranged.from, ranged.to]]]);
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
  const body = marked.get(ranged) ?? rewrite(ranged.body);
  marked.set(ranged, body);
  return body;
}

const rearranged = new WeakMap<Expression, Expression>();

/** A library body over a given argument. */
function substitute(library: Expression, operand: Expression): Expression {
  const body = rearranged.get(library) ?? withEstrin(library);
  rearranged.set(library, body);
  const replaced = new Map<Node, Node>();
  const replace = <T extends Expression | Predicate>(node: T): T => {
    let result = replaced.get(node);
    if (!result) {
      result = node.kind === 'argument' ? operand : simplify(mapOperands(node, replace));
      replaced.set(node, result);
    }
    return result as T;
  };
  return replace(body);
}
