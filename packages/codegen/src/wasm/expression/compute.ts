/** The instructions of one node of an expression, given those of its operands. */
import { type BinaryName, type Expression, type Node, operands, type Predicate } from '@isoact/core';
import { isAlwaysFinite } from '@isoact/core/plan';
import { floats, get, type Instruction, plain, words } from '../binary/instruction.ts';
import { scaled } from './exponents.ts';
import { isNeverNaN, propagates } from './nan.ts';
import type { Leaf, Surroundings } from './surroundings.ts';

const signBit = -0x80000000;

/** The operands whose values a node's instructions name, as often as they name them. */
export function neededOperands(node: Node, surroundings: Surroundings): readonly Node[] {
  if (subtractsMean(node) && surroundings.centre(node.right, node.left)) return [node.left];
  if (node.kind === 'isNaN') return [node.operand, node.operand];
  if (node.kind === 'comparison' && integersOf(node, surroundings)) return [];
  if (node.kind === 'binary' && node.name === 'vanishingProduct' && !isAlwaysFinite(node.left)) {
    return [node.left, node.right, node.right];
  }
  if (node.kind === 'select') {
    const { condition, whenTrue, whenFalse } = node;
    if (isReciprocalAboveOne(node)) return [whenTrue, whenFalse];
    if (isZero(whenTrue)) return [condition, whenFalse];
    if (isZero(whenFalse)) return [condition, whenTrue];
    if (isNegationOf(whenTrue, whenFalse)) {
      return [isOddSelect(node, surroundings) ? signed(condition) : condition, whenFalse];
    }
  }
  return operands(node);
}

/** What a node's instructions name without its being an operand. */
export function hiddenLeaves(node: Node, surroundings: Surroundings): readonly Leaf[] {
  if (subtractsMean(node)) {
    const centre = surroundings.centre(node.right, node.left);
    if (centre) return [centre.pivot, centre.offset];
  }
  return (node.kind === 'comparison' && integersOf(node, surroundings)) || [];
}

function integersOf(
  { left, right }: Extract<Predicate, { kind: 'comparison' }>,
  { integer }: Surroundings,
): readonly [Leaf, Leaf] | null {
  const [a, b] = [integer(left), integer(right)];
  return a && b ? [a, b] : null;
}

/** u - mean(t), where u may be a version of t: whether it is, the surroundings know. */
const subtractsMean = (node: Node): node is Extract<Expression, { kind: 'binary' }> =>
  node.kind === 'binary' && node.name === 'subtract' && node.right.kind === 'statistic' && node.right.name === 'mean';
/** `t < 0 ? -m : m` where m is 0 for t = 0: m with the sign of t. */
const isOddSelect = (node: Node, { odd }: Surroundings): boolean =>
  odd.has(node) && node.kind === 'select' && node.condition.kind === 'comparison' && isZero(node.condition.right);
const signed = (condition: Predicate): Node => operands(condition)[0] as Node;
const isZero = (node: Node): boolean => node.kind === 'constant' && Object.is(node.value, 0);
const isNegationOf = (node: Expression, of: Expression): boolean =>
  node.kind === 'unary' && node.name === 'negate' && node.operand === of;

const isProduct = (instruction: Instruction): instruction is Extract<Instruction, { kind: 'plain' }> =>
  instruction.kind === 'plain' && instruction.name === 'f32x4.mul';

const binaryNames = {
  add: 'f32x4.add',
  subtract: 'f32x4.sub',
  multiply: 'f32x4.mul',
  divide: 'f32x4.div',
} as const;
const unaryNames = {
  floor: 'f32x4.floor',
  round: 'f32x4.nearest',
  sqrt: 'f32x4.sqrt',
} as const;
const comparisonNames = { less: 'f32x4.lt', lessOrEqual: 'f32x4.le', equal: 'f32x4.eq' } as const;
const integerComparisonNames = { less: 'i32x4.lt_u', lessOrEqual: 'i32x4.le_u', equal: 'i32x4.eq' } as const;

/** The instructions of one node, given those of its operands. */
export function compute(
  node: Node,
  level: number,
  value: (node: Node) => Instruction,
  surroundings: Surroundings,
): Instruction {
  const { builder } = surroundings;
  const constant = (lanes: number): Instruction =>
    builder.once(0, Object.is(lanes, -0) ? 'f-0' : `f${lanes}`, () => floats(lanes));
  const pattern = (bits: number): Instruction => builder.once(0, `i${bits}`, () => words(bits));
  switch (node.kind) {
    case 'constant':
      return constant(Math.fround(node.value));
    case 'unary':
      if (node.name === 'detach') return value(node.operand);
      // engines make the mask anew for every f32x4.abs and f32x4.neg
      if (node.name === 'absolute') return plain('v128.and', value(node.operand), pattern(0x7fffffff));
      if (node.name === 'negate') return plain('v128.xor', value(node.operand), pattern(signBit));
      if (node.name === 'highPart') return plain('v128.and', value(node.operand), pattern(0xfffff000 | 0));
      if (node.name in unaryNames) return plain(unaryNames[node.name as keyof typeof unaryNames], value(node.operand));
      break;
    case 'binary':
      return binary(node);
    case 'select':
      return select(node);
    case 'comparison': {
      const integers = integersOf(node, surroundings);
      if (integers) return plain(integerComparisonNames[node.name], integers[0].read(), integers[1].read());
      return plain(comparisonNames[node.name], value(node.left), value(node.right));
    }
    case 'isNaN':
      return plain('f32x4.ne', value(node.operand), value(node.operand));
    case 'not':
      return plain('v128.not', value(node.operand));
    case 'both':
      return plain('v128.and', value(node.left), value(node.right));
    case 'either':
      return plain('v128.or', value(node.left), value(node.right));
  }
  throw new TypeError(`${node.kind === 'unary' ? node.name : node.kind} must be provided by the kernel around it`);

  function binary({ name, left, right }: Extract<Expression, { kind: 'binary' }>): Instruction {
    switch (name) {
      case 'minimum':
      case 'maximum':
        return extremum(name === 'minimum' ? 'min' : 'max', left, right);
      case 'vanishingProduct': {
        if (isAlwaysFinite(left)) return plain('f32x4.mul', value(left), value(right));
        // where the right factor is 0, the left one keeps nothing but its sign
        const kept = plain('v128.or', plain('f32x4.ne', value(right), constant(0)), pattern(signBit));
        return plain('f32x4.mul', plain('v128.and', value(left), kept), value(right));
      }
      case 'scaleByPowerOfTwo': {
        const hold = (held: Instruction): Instruction => get(builder.hold(level, 't', 'v128', held));
        return scaled(left, () => value(left), right, value(right), { constant, hold });
      }
      default: {
        const centre = name === 'subtract' && subtractsMean(node) ? surroundings.centre(right, left) : null;
        if (!centre)
          return fused(name, value(left), value(right)) ?? plain(binaryNames[name], value(left), value(right));
        return plain('f32x4.sub', plain('f32x4.sub', value(left), centre.pivot.read()), centre.offset.read());
      }
    }
  }

  /** a·b + c, and c - a·b, where the product has no other use. */
  function fused(name: BinaryName, left: Instruction, right: Instruction): Instruction | null {
    if (!surroundings.relaxed || (name !== 'add' && name !== 'subtract')) return null;
    if (isProduct(right)) {
      return plain(name === 'add' ? 'f32x4.relaxed_madd' : 'f32x4.relaxed_nmadd', ...right.operands, left);
    }
    return name === 'add' && isProduct(left) ? plain('f32x4.relaxed_madd', ...left.operands, right) : null;
  }

  /** One instruction where b cannot be NaN, or not alone: `pmin(a, b)` is a where either is NaN. */
  function extremum(name: 'min' | 'max', left: Expression, right: Expression): Instruction {
    if (isNeverNaN(right) || propagates(left, right)) return plain(`f32x4.p${name}`, value(left), value(right));
    if (isNeverNaN(left) || propagates(right, left)) return plain(`f32x4.p${name}`, value(right), value(left));
    return plain(`f32x4.${name}`, value(left), value(right));
  }

  function select(node: Extract<Expression, { kind: 'select' }>): Instruction {
    const { condition, whenTrue, whenFalse } = node;
    if (isReciprocalAboveOne(node)) return extremum('min', whenTrue, whenFalse);
    if (isZero(whenTrue)) return plain('v128.andnot', value(whenFalse), value(condition));
    if (isZero(whenFalse)) return plain('v128.and', value(whenTrue), value(condition));
    if (isNegationOf(whenTrue, whenFalse)) {
      const sign = isOddSelect(node, surroundings) ? signed(condition) : condition;
      return plain('v128.xor', value(whenFalse), plain('v128.and', value(sign), pattern(signBit)));
    }
    const name = surroundings.relaxed ? 'i32x4.relaxed_laneselect' : 'v128.bitselect';
    return plain(name, value(whenTrue), value(whenFalse), value(condition));
  }
}

/** `1 < a ? 1/a : a` for a magnitude is the lesser of both. */
function isReciprocalAboveOne({ condition, whenTrue, whenFalse: a }: Extract<Expression, { kind: 'select' }>): boolean {
  const isOne = (node: Node): boolean => node.kind === 'constant' && node.value === 1;
  return (
    condition.kind === 'comparison' &&
    condition.name === 'less' &&
    isOne(condition.left) &&
    condition.right === a &&
    a.kind === 'unary' &&
    a.name === 'absolute' &&
    whenTrue.kind === 'binary' &&
    whenTrue.name === 'divide' &&
    isOne(whenTrue.left) &&
    whenTrue.right === a
  );
}
