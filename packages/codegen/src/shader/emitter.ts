/**
 * From expression graphs to statements of a shader.
 *
 * Nodes are interned, so a common subexpression is one node and becomes one named value. A node that does not depend
 * on the element is named outside of the element's loop. Signs, NaN and comparisons with 0 are tested by bits: drivers
 * flush subnormals when they compare, and may assume that no value is NaN.
 */
import { type Expression, type FunctionName, type Node, operands, type Predicate } from '@isoact/core';
import { isCentring } from '@isoact/core/plan';
import type { Dialect, HelperName, Term, ValueType } from './dialect.ts';
import { atom, within } from './dialect.ts';
import type { Names } from './names.ts';
import { isBounded, rangeOf } from './range.ts';

/** How often a value changes: never during a kernel, with each group or chunk, with each element. */
export const rates = { kernel: 0, unit: 1, element: 2 } as const;
export type Rate = (typeof rates)[keyof typeof rates];

/** A block of statements. Scopes nest from the kernel's to the element's. */
export interface Scope {
  readonly rate: Rate;
  readonly lines: string[];
  readonly terms: Map<Node, Term>;
  readonly parent?: Scope;
}

/** A scope, with statements of its own unless it shares those of another. */
export const createScope = (rate: Rate, parent?: Scope, lines: string[] = []): Scope => ({
  rate,
  lines,
  terms: new Map(),
  ...(parent && { parent }),
});

/** A value that the surroundings provide: a loaded element, a uniform, a statistic. */
export interface Leaf {
  readonly rate: Rate;
  readonly term: Term;
}

export interface EmitContext {
  readonly dialect: Dialect;
  readonly names: Names;
  /** Provides the value of a node, or null where it must be computed from its operands. Called once per scope. */
  readonly leaf: (node: Node, scope: Scope) => Leaf | null;
  /** The pivot and the mean's offset from it, where a mean is known in this form. */
  readonly centre?: (mean: Node, scope: Scope) => { rate: Rate; pivot: string; offset: string } | null;
  /** The integer behind a count, where it is one. */
  readonly integer?: (node: Node, scope: Scope) => { rate: Rate; text: string } | null;
  readonly useHelper: (name: HelperName) => string;
  readonly useFunction: (name: FunctionName) => string;
  /** Whether no operand of a minimum or maximum can be NaN, or it is dealt with outside, as in library functions. */
  readonly plainMinimum?: boolean;
}

/** Longer expressions are cut into named parts. */
const longestInline = 64;

/**
 * Emits what the roots need into the scope and those around it, and gives the roots' terms. Nodes of `toName` get names
 * that later statements can use.
 */
export function emit(
  roots: readonly Node[],
  scope: Scope,
  context: EmitContext,
  toName: ReadonlySet<Node> = new Set(),
): Term[] {
  const uses = new Map<Node, number>();
  const rateOf = new Map<Node, Rate>();
  const usedAt = new Map<Node, Rate>();
  const order: Node[] = [];

  const visit = (node: Node): void => {
    const seen = uses.get(node) ?? 0;
    uses.set(node, seen + 1);
    if (seen > 0) return;
    const found = lookUp(node, scope);
    if (found) {
      rateOf.set(node, found.scope.rate);
      if (found.scope !== scope) giveName(node, found.term, found.scope);
      return;
    }
    const leaf = context.leaf(node, scope);
    if (leaf) {
      ancestor(scope, leaf.rate).terms.set(node, leaf.term);
      rateOf.set(node, leaf.rate);
      return;
    }
    const needed = neededOperands(node, scope, context);
    needed.forEach(visit);
    const rates = [...needed.map((operand) => rateOf.get(operand) as Rate), ...hiddenRates(node, scope, context)];
    const rate = Math.max(0, ...rates) as Rate;
    rateOf.set(node, rate);
    for (const operand of needed) usedAt.set(operand, Math.max(rate, usedAt.get(operand) ?? 0) as Rate);
    order.push(node);
  };

  /** Replaces the term by a name, in the scope that it belongs to. */
  const giveName = (node: Node, term: Term, target: Scope): Term => {
    if (isTrivial(node) || isName(term)) return term;
    const name = atom(context.names.unique(hint(node)));
    target.lines.push(context.dialect.declare(name.text, typeOf(node), term.text));
    target.terms.set(node, name);
    return name;
  };

  const termOf = (node: Node): Term => {
    const found = lookUp(node, scope);
    if (!found) throw new TypeError(`the operand ${node.kind} must be emitted before its use`);
    return found.term;
  };

  roots.forEach(visit);
  for (const root of roots) usedAt.set(root, scope.rate);
  for (const node of order) {
    const target = ancestor(scope, rateOf.get(node) as Rate);
    const term = isPredicate(node)
      ? predicateTerm(node, termOf, context, scope)
      : expressionTerm(node, termOf, context, scope);
    target.terms.set(node, term);
    const shared = toName.has(node) || (uses.get(node) as number) > 1 || (usedAt.get(node) as Rate) > target.rate;
    if (shared || (term.text.length > longestInline && !roots.includes(node))) giveName(node, term, target);
  }
  return roots.map(termOf);
}

const isPredicate = (node: Node): node is Predicate =>
  ['comparison', 'isNaN', 'not', 'both', 'either'].includes(node.kind);
const isName = ({ text }: Term): boolean => /^[\w.]+$/.test(text);
/** A constant, or one with a sign: as short as its name would be. */
const isTrivial = (node: Node): boolean =>
  node.kind === 'constant' ||
  (node.kind === 'unary' && (node.name === 'negate' || node.name === 'detach') && operands(node.operand).length === 0);
const typeOf = (node: Node): ValueType => (isPredicate(node) ? 'condition' : 'number');

function lookUp(node: Node, scope: Scope): { term: Term; scope: Scope } | null {
  for (let each: Scope | undefined = scope; each; each = each.parent) {
    const term = each.terms.get(node);
    if (term) return { term, scope: each };
  }
  return null;
}

/** The innermost scope whose values change no oftener than `rate`. */
function ancestor(scope: Scope, rate: Rate): Scope {
  let found = scope;
  while (found.rate > rate && found.parent) found = found.parent;
  return found;
}

/** The operands that the node's text will name. */
function neededOperands(node: Node, scope: Scope, context: EmitContext): readonly Node[] {
  if (isCentring(node) && context.centre?.(node.right, scope)) return [node.left];
  if (node.kind === 'comparison') {
    const both = [node.left, node.right];
    if (both.every((side) => context.integer?.(side, scope))) return [];
    return both.filter(
      (side) => !isConstant(side, 0) && !(side.kind === 'constant' && !Number.isFinite(Math.fround(side.value))),
    );
  }
  return operands(node);
}

/** How often values change that a node's text names without their being its operands. */
function hiddenRates(node: Node, scope: Scope, context: EmitContext): Rate[] {
  const centre = isCentring(node) ? context.centre?.(node.right, scope) : null;
  if (centre) return [centre.rate];
  if (node.kind !== 'comparison') return [];
  const integers = [node.left, node.right].map((side) => context.integer?.(side, scope));
  return integers.every(Boolean) ? integers.map((each) => each?.rate ?? rates.kernel) : [];
}

const isConstant = (node: Node, value: number): boolean => node.kind === 'constant' && node.value === value;

function expressionTerm(node: Expression, termOf: (node: Node) => Term, context: EmitContext, scope: Scope): Term {
  const { dialect } = context;
  const call = (name: string, ...parts: readonly Node[]): Term =>
    atom(`${name}(${parts.map((part) => termOf(part).text).join(', ')})`);
  switch (node.kind) {
    case 'constant':
      return constantTerm(node.value, context);
    case 'select':
      return dialect.select(termOf(node.condition), termOf(node.whenTrue), termOf(node.whenFalse));
    case 'unary':
      switch (node.name) {
        case 'detach':
          return termOf(node.operand);
        case 'negate':
          return { text: `-${within(termOf(node.operand), 0)}`, binding: 1 };
        case 'highPart':
          return call(context.useHelper('highPart'), node.operand);
        case 'absolute':
        case 'floor':
        case 'round':
        case 'sqrt':
          return call(dialect.unary[node.name], node.operand);
        default:
          return call(context.useFunction(node.name), node.operand);
      }
    case 'binary': {
      const centre = isCentring(node) && context.centre?.(node.right, scope);
      if (centre) return { text: `(${within(termOf(node.left), 3)} - ${centre.pivot}) - ${centre.offset}`, binding: 3 };
      const infix = (operator: string, binding: 2 | 3): Term => ({
        text: `${within(termOf(node.left), binding)} ${operator} ${within(termOf(node.right), (binding - 1) as 1 | 2)}`,
        binding,
      });
      switch (node.name) {
        case 'add':
          return infix('+', 3);
        case 'subtract':
          return infix('-', 3);
        case 'multiply':
          return infix('*', 2);
        case 'divide':
          return infix('/', 2);
        case 'vanishingProduct': {
          const left = rangeOf(node.left);
          if (isBounded(left) && !left.mayBeNaN) return infix('*', 2);
          return call(context.useHelper(isBounded(left) ? 'productOrZero' : 'vanishingProduct'), node.left, node.right);
        }
        case 'minimum':
        case 'maximum':
          if (context.plainMinimum) return call(dialect.binary[node.name], node.left, node.right);
          return call(context.useHelper(node.name === 'minimum' ? 'minimumOf' : 'maximumOf'), node.left, node.right);
        case 'scaleByPowerOfTwo':
          return call(
            context.useHelper(rangeOf(node.right).high <= 127 ? 'scaleOrVanish' : 'scaleByPowerOfTwo'),
            node.left,
            node.right,
          );
      }
      break;
    }
  }
  throw new TypeError(`${node.kind} must be provided by the kernel around it`);
}

function constantTerm(value: number, { dialect, useHelper }: EmitContext): Term {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return atom(`${useHelper('notANumber')}()`);
  if (Math.abs(single) === Number.POSITIVE_INFINITY) {
    const text = `${useHelper('infinity')}()`;
    return single > 0 ? atom(text) : { text: `-${text}`, binding: 1 };
  }
  return { text: dialect.literal(single), binding: single < 0 || Object.is(single, -0) ? 1 : 0 };
}

function predicateTerm(node: Predicate, termOf: (node: Node) => Term, context: EmitContext, scope: Scope): Term {
  const test = (helper: HelperName, ...parts: readonly Node[]): Term =>
    atom(`${context.useHelper(helper)}(${parts.map((part) => termOf(part).text).join(', ')})`);
  switch (node.kind) {
    case 'isNaN':
      return test('isNaN', node.operand);
    case 'not':
      return { text: `!${within(termOf(node.operand), 0)}`, binding: 1 };
    case 'both':
    case 'either': {
      const operator = node.kind === 'both' ? '&&' : '||';
      return { text: `${within(termOf(node.left), 4)} ${operator} ${within(termOf(node.right), 4)}`, binding: 5 };
    }
    case 'comparison':
      return comparisonTerm(node, termOf, test, context, scope);
  }
}

const operators = { less: '<', lessOrEqual: '<=', equal: '==' } as const;
const ofZeroRight = { less: 'isNegative', lessOrEqual: 'isNegativeOrZero', equal: 'isZero' } as const;
const ofZeroLeft = { less: 'isPositive', lessOrEqual: 'isPositiveOrZero', equal: 'isZero' } as const;
const ofAny = { less: 'isLess', lessOrEqual: 'isLessOrEqual', equal: 'isEqual' } as const;

function comparisonTerm(
  node: Extract<Predicate, { kind: 'comparison' }>,
  termOf: (node: Node) => Term,
  test: (helper: HelperName, ...parts: readonly Node[]) => Term,
  context: EmitContext,
  scope: Scope,
): Term {
  const { name, left, right } = node;
  const integers = [context.integer?.(left, scope), context.integer?.(right, scope)];
  if (integers[0] && integers[1]) {
    return { text: `${integers[0].text} ${operators[name]} ${integers[1].text}`, binding: 4 };
  }
  // in the body of a function NaN is dealt with outside, and -0 is like 0 to all of them
  if (isConstant(right, 0) && name === 'less' && context.plainMinimum) return test('hasSign', left);
  if (isConstant(right, 0)) return test(ofZeroRight[name], left);
  if (isConstant(left, 0)) return test(ofZeroLeft[name], right);
  const infinite = [left, right].find((side) => side.kind === 'constant' && !Number.isFinite(Math.fround(side.value)));
  if (infinite) {
    if (name === 'equal' && isConstant(infinite, Number.POSITIVE_INFINITY)) {
      return test('isInfinity', infinite === left ? right : left);
    }
    const sides = [left, right].map((side) =>
      side === infinite ? constantTerm((side as { value: number }).value, context) : termOf(side),
    );
    return atom(`${context.useHelper(ofAny[name])}(${sides.map(({ text }) => text).join(', ')})`);
  }
  // the other side can be flushed to 0 or not: it is on the same side of a normal number
  const isNormal = [left, right].some(
    (side) => side.kind === 'constant' && Math.abs(Math.fround(side.value)) >= 2 ** -126,
  );
  // a driver that assumes no NaN makes a minimum of such a choice; that of x is dealt with where outputs are written
  if (isNormal && ![left, right].some(mayLoseNaN)) {
    return { text: `${within(termOf(left), 3)} ${operators[name]} ${within(termOf(right), 3)}`, binding: 4 };
  }
  return test(ofAny[name], left, right);
}

const losing = new WeakMap<Node, boolean>();

/** Whether the value can be NaN where x is not: through a statistic, or an upstream gradient. */
function mayLoseNaN(node: Node): boolean {
  let known = losing.get(node);
  if (known === undefined) {
    known =
      (node.kind === 'input' && node.name !== 'x') || node.kind === 'statistic' || operands(node).some(mayLoseNaN);
    losing.set(node, known);
  }
  return known;
}

/** A noun for a value, from the node that makes it. */
function hint(node: Node): string {
  switch (node.kind) {
    case 'unary':
      return (
        {
          negate: 'negated',
          absolute: 'magnitude',
          sqrt: 'root',
          round: 'rounded',
          highPart: 'high',
          floor: 'whole',
          detach: 'held',
        }[node.name as string] ?? `${node.name}Value`
      );
    case 'binary':
      return {
        add: 'total',
        subtract: 'difference',
        multiply: 'product',
        vanishingProduct: 'product',
        divide: 'ratio',
        minimum: 'least',
        maximum: 'greatest',
        scaleByPowerOfTwo: 'scaled',
      }[node.name];
    case 'select':
      return 'chosen';
    case 'comparison':
    case 'isNaN':
    case 'not':
    case 'both':
    case 'either':
      return 'holds';
    default:
      return 'value';
  }
}
