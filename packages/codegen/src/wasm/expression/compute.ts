/** What the instructions of one node of an expression need, and how they are made. */
import { type Expression, type Node, operands, type Predicate } from '@isoact/core';
import { div, less, select } from '@isoact/core/expression';
import { isAlwaysFinite } from '@isoact/core/plan';
import { floats, get, type Instruction, type PlainName, plain, words } from '../binary/instruction.ts';
import { scaled } from './exponents.ts';
import { isNeverNaN, propagates } from './nan.ts';
import type { Leaf, Surroundings } from './surroundings.ts';

/** How a node's instructions are made. */
export interface Form {
  /** The operands whose values they name, as often as they name them. */
  readonly operands: readonly Node[];
  /** What else they name. */
  readonly leaves: readonly Leaf[];
  /** Makes them in the block of a level, from the values of the operands. */
  readonly make: (level: number, ...values: Instruction[]) => Instruction;
}

type Binary = Extract<Expression, { kind: 'binary' }>;
type Select = Extract<Expression, { kind: 'select' }>;

const signBit = -0x80000000;

/** Nodes that are one instruction on their operands, by name or kind. */
const names: Readonly<Partial<Record<string, PlainName>>> = {
  floor: 'f32x4.floor',
  round: 'f32x4.nearest',
  sqrt: 'f32x4.sqrt',
  multiply: 'f32x4.mul',
  divide: 'f32x4.div',
  less: 'f32x4.lt',
  lessOrEqual: 'f32x4.le',
  equal: 'f32x4.eq',
  not: 'v128.not',
  both: 'v128.and',
  either: 'v128.or',
};
const integerComparisonNames = { less: 'i32x4.lt_u', lessOrEqual: 'i32x4.le_u', equal: 'i32x4.eq' } as const;

/** The form of a node that the surroundings do not provide. */
export function formOf(node: Node, surroundings: Surroundings): Form {
  const { builder, relaxed } = surroundings;
  const constant = (lanes: number): Instruction =>
    builder.once(0, Object.is(lanes, -0) ? 'f-0' : `f${lanes}`, () => floats(lanes));
  const pattern = (bits: number): Instruction => builder.once(0, `i${bits}`, () => words(bits));
  switch (node.kind) {
    case 'constant':
      return made([], () => constant(Math.fround(node.value)));
    case 'unary':
      if (node.name === 'detach') return made([node.operand], (_, value) => value);
      // engines make the mask anew for every f32x4.abs and f32x4.neg
      if (node.name === 'absolute') return masked('v128.and', node.operand, 0x7fffffff);
      if (node.name === 'negate') return masked('v128.xor', node.operand, signBit);
      if (node.name === 'highPart') return masked('v128.and', node.operand, 0xfffff000 | 0);
      break;
    case 'binary': {
      const own = binary(node);
      if (own) return own;
      break;
    }
    case 'select':
      return choice(node);
    case 'comparison': {
      const [left, right] = [surroundings.integer(node.left), surroundings.integer(node.right)];
      if (!left || !right) break;
      const make = (): Instruction => plain(integerComparisonNames[node.name], left.read(), right.read());
      return { operands: [], leaves: [left, right], make };
    }
    case 'isNaN':
      return simple('f32x4.ne', node.operand, node.operand);
  }
  const key = 'name' in node ? node.name : node.kind;
  return simple(names[key] as PlainName, ...operands(node)); // the surroundings provide what is not there

  function masked(name: PlainName, operand: Node, bits: number): Form {
    return made([operand], (_, value) => plain(name, value, pattern(bits)));
  }

  function binary({ name, left, right }: Binary): Form | null {
    switch (name) {
      case 'minimum':
      case 'maximum':
        return extremum(name === 'minimum' ? 'min' : 'max', left, right);
      case 'vanishingProduct':
        if (isAlwaysFinite(left)) return simple('f32x4.mul', left, right);
        return made([left, right, right], (_, a, b) => {
          // where the right factor is 0, the left one keeps nothing but its sign
          const kept = plain('v128.or', plain('f32x4.ne', b, constant(0)), pattern(signBit));
          return plain('f32x4.mul', plain('v128.and', a, kept), b);
        });
      case 'scaleByPowerOfTwo':
        return made([left, right], (level, a, k) => {
          const hold = (held: Instruction): Instruction => get(builder.hold(level, 't', 'v128', held));
          return scaled(left, a, right, k, { constant, hold });
        });
      case 'add':
        return made([left, right], (_, a, b) => fused(name, a, b) ?? plain('f32x4.add', a, b));
      case 'subtract': {
        // u - mean(t), where u may be a version of t: whether it is, the surroundings know
        const centre = surroundings.centre(right, left);
        if (!centre) return made([left, right], (_, a, b) => fused(name, a, b) ?? plain('f32x4.sub', a, b));
        const { pivot, offset } = centre;
        const make = (_: number, value: Instruction): Instruction =>
          plain('f32x4.sub', plain('f32x4.sub', value, pivot.read()), offset.read());
        return { operands: [left], leaves: [pivot, offset], make };
      }
      default:
        return null;
    }
  }

  /** a·b + c, and c - a·b, where the product has no other use. */
  function fused(name: 'add' | 'subtract', left: Instruction, right: Instruction): Instruction | null {
    if (!relaxed) return null;
    if (isProduct(right)) {
      return plain(name === 'add' ? 'f32x4.relaxed_madd' : 'f32x4.relaxed_nmadd', ...right.operands, left);
    }
    return name === 'add' && isProduct(left) ? plain('f32x4.relaxed_madd', ...left.operands, right) : null;
  }

  function choice(node: Select): Form {
    const { condition, whenTrue, whenFalse } = node;
    if (isReciprocalAboveOne(node)) return extremum('min', whenTrue, whenFalse);
    if (isZero(whenTrue)) return made([condition, whenFalse], (_, truth, value) => plain('v128.andnot', value, truth));
    if (isZero(whenFalse)) return made([condition, whenTrue], (_, truth, value) => plain('v128.and', value, truth));
    if (isNegationOf(whenTrue, whenFalse)) {
      // `t < 0 ? -m : m` where m is 0 for t = 0: m with the sign of t
      const sign = surroundings.odd.has(node) && isSignTest(condition) ? condition.left : condition;
      return made([sign, whenFalse], (_, bits, value) =>
        plain('v128.xor', value, plain('v128.and', bits, pattern(signBit))),
      );
    }
    const name = relaxed ? 'i32x4.relaxed_laneselect' : 'v128.bitselect';
    return made([condition, whenTrue, whenFalse], (_, truth, a, b) => plain(name, a, b, truth));
  }
}

const made = (operands: readonly Node[], make: Form['make']): Form => ({ operands, leaves: [], make });
const simple = (name: PlainName, ...operands: Node[]): Form => made(operands, (_, ...values) => plain(name, ...values));

/** One instruction where b cannot be NaN, or not alone: `pmin(a, b)` is a where either is NaN. */
function extremum(name: 'min' | 'max', left: Expression, right: Expression): Form {
  if (isNeverNaN(right) || propagates(left, right)) return simple(`f32x4.p${name}`, left, right);
  if (isNeverNaN(left) || propagates(right, left)) {
    return made([left, right], (_, a, b) => plain(`f32x4.p${name}`, b, a));
  }
  return simple(`f32x4.${name}`, left, right);
}

const isZero = (node: Node): boolean => node.kind === 'constant' && Object.is(node.value, 0);
const isSignTest = (node: Predicate): node is Extract<Predicate, { kind: 'comparison' }> =>
  node.kind === 'comparison' && isZero(node.right);
const isNegationOf = (node: Expression, of: Expression): boolean =>
  node.kind === 'unary' && node.name === 'negate' && node.operand === of;
/** `1 < a ? 1/a : a` for a magnitude is the lesser of both. */
const isReciprocalAboveOne = (node: Select): boolean => {
  const { whenFalse: a } = node;
  return a.kind === 'unary' && a.name === 'absolute' && node === select(less(1, a), div(1, a), a);
};
const isProduct = (instruction: Instruction): instruction is Extract<Instruction, { kind: 'plain' }> =>
  instruction.kind === 'plain' && instruction.name === 'f32x4.mul';
