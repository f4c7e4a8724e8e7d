/**
 * Graphs as mathematics. What is written once and used twice is given a letter of its own, so that a gradient stays
 * readable: `s1 = …` lines first, the formula last.
 */

import { isZero } from '../expression/leaves.ts';
import {
  type Expression,
  type Extent,
  type Node,
  operands,
  type Predicate,
  topologicalOrder,
} from '../expression/node.ts';
import { mapOperands } from '../expression/rewrite.ts';
import type { Parts } from '../graph/graph.ts';
import { latexNotation, type Notation, textNotation } from './notation.ts';

export interface PrintedFormula {
  /** Parts that the formula names, in order. */
  readonly definitions: readonly { readonly name: string; readonly formula: string }[];
  readonly formula: string;
}

/** A graph as text: `x·σ(β·x)`. Several parts are written as `concat(…, …)`. */
export const printText = (roots: Expression | Parts): PrintedFormula => print(roots, textNotation);

/** A graph as LaTeX. */
export const printLatex = (roots: Expression | Parts): PrintedFormula => print(roots, latexNotation);

/** Binding strengths, weakest first. */
const strength = { sum: 1, product: 2, negation: 3, power: 4, atom: 5 } as const;

interface Piece {
  readonly text: string;
  readonly strength: number;
}

function print(given: Expression | Parts, notation: Notation): PrintedFormula {
  const roots = ('kind' in given ? [given] : given).map(withoutNaN).map(withoutGuards);
  const names = nameShared(roots);
  const hasParts = topologicalOrder(roots).some((node) => node.kind === 'input' && node.part > 0);
  const known = new Map<Node, Piece>();
  const definitions: { name: string; formula: string }[] = [];
  for (const node of topologicalOrder(roots)) {
    const piece = write(node);
    const name = names.get(node);
    if (name === undefined) known.set(node, piece);
    else {
      definitions.push({ name: notation.parameter(name), formula: piece.text });
      known.set(node, atom(notation.parameter(name)));
    }
  }
  const formulas = roots.map(plain);
  const [only = ''] = formulas;
  return {
    definitions,
    formula: formulas.length > 1 ? notation.call(notation.concatenation, formulas.join(', ')) : only,
  };

  function atom(text: string): Piece {
    return { text, strength: strength.atom };
  }

  function at(node: Node, least: number): string {
    const piece = known.get(node) as Piece;
    return piece.strength >= least ? piece.text : notation.parenthesis(piece.text);
  }

  function plain(node: Node): string {
    return at(node, 0);
  }

  function write(node: Node): Piece {
    switch (node.kind) {
      case 'constant':
        return { text: notation.number(node.value), strength: node.value < 0 ? strength.negation : strength.atom };
      case 'input':
        if (hasParts && node.name === 'upstream') return atom(notation.parameter(`u${node.part + 1}`));
        return atom(notation.input(node.name));
      case 'parameter':
      case 'state':
        return atom(notation.parameter(node.name));
      case 'argument':
        return atom('t');
      case 'size':
        return atom(notation.size(extentName(node.extent)));
      case 'statistic':
        return atom(notation.statistic(node.name, plain(node.operand), extentName(node.extent)));
      case 'count':
        return atom(notation.count(plain(node.where), extentName(node.extent)));
      case 'unary':
        return writeUnary(node);
      case 'binary':
        return writeBinary(node);
      case 'select':
        return atom(notation.cases(branches(node)));
      default:
        return { text: writePredicate(node), strength: strength.sum };
    }
  }

  function writeUnary({ name, operand }: Extract<Expression, { kind: 'unary' }>): Piece {
    if (name === 'negate') return { text: `-${at(operand, strength.product)}`, strength: strength.sum };
    if (name === 'detach') return known.get(operand) as Piece;
    if (name === 'absolute') return atom(notation.absolute(plain(operand)));
    if (name === 'sqrt') return atom(notation.root(plain(operand)));
    if (name === 'exp') return atom(notation.exponential(plain(operand)));
    const symbol = name in notation.functions ? notation.functions[name as keyof Notation['functions']] : undefined;
    return atom(notation.call(symbol ?? name, plain(operand)));
  }

  function writeBinary({ name, left, right }: Extract<Expression, { kind: 'binary' }>): Piece {
    switch (name) {
      case 'add':
        return { text: `${at(left, strength.sum)} + ${at(right, strength.sum)}`, strength: strength.sum };
      case 'subtract':
        return { text: `${at(left, strength.sum)} - ${at(right, strength.product)}`, strength: strength.sum };
      case 'multiply':
      case 'vanishingProduct':
        if (left === right) return { text: notation.power(at(left, strength.atom), '2'), strength: strength.power };
        return {
          text: notation.product(at(left, strength.product), at(right, strength.product)),
          strength: strength.product,
        };
      case 'divide': {
        const wrap = (text: string): string => {
          const node = text === plain(left) ? left : right;
          return at(node, strength.negation);
        };
        return { text: notation.quotient(plain(left), plain(right), wrap), strength: strength.product };
      }
      case 'minimum':
      case 'maximum':
        return atom(notation.call(notation.functions[name] ?? name, `${plain(left)}, ${plain(right)}`));
      case 'scaleByPowerOfTwo':
        return {
          text: notation.product(at(left, strength.product), notation.power('2', plain(right))),
          strength: strength.product,
        };
    }
  }

  function branches(node: Expression): { value: string; when: string | null }[] {
    if (node.kind !== 'select' || names.has(node)) return [{ value: plain(node), when: null }];
    return [{ value: plain(node.whenTrue), when: plain(node.condition) }, ...rest(node.whenFalse)];
  }

  function rest(node: Expression): { value: string; when: string | null }[] {
    return names.has(node) ? [{ value: plain(node), when: null }] : branches(node);
  }

  function writePredicate(node: Predicate): string {
    switch (node.kind) {
      case 'comparison':
        return `${plain(node.left)} ${notation.comparisons[node.name]} ${plain(node.right)}`;
      case 'isNaN':
        return `${plain(node.operand)} ≠ ${plain(node.operand)}`;
      case 'not':
        return notation.not(plain(node.operand));
      case 'both':
      case 'either':
        return `${at(node.left, strength.atom)}${notation.logic[node.kind]}${at(node.right, strength.atom)}`;
    }
  }
}

/** A gradient without its first case, which hands on the NaN of x. */
const withoutNaN = (graph: Expression): Expression =>
  graph.kind === 'select' && graph.condition.kind === 'isNaN' ? graph.whenFalse : graph;

/** A gradient in which products are written as such, those that are 0 where the adjoint is 0 among them. */
function withoutGuards(graph: Expression): Expression {
  const written = new Map<Node, Node>();
  const write = <T extends Node>(node: T): T => {
    let result = written.get(node);
    if (!result) {
      const isGuard =
        node.kind === 'select' && node.condition.kind === 'comparison' && isZeroTest(node.condition, node.whenTrue);
      result = isGuard ? write(node.whenFalse) : mapOperands(node, write);
      written.set(node, result);
    }
    return result as T; // an expression is written as an expression, a predicate as a predicate
  };
  return write(graph);
}

const isZeroTest = ({ name, left, right }: Extract<Predicate, { kind: 'comparison' }>, of: Expression): boolean =>
  name === 'equal' && left === of && isZero(right);

/** Names for the parts that are used more than once and are worth a line. */
function nameShared(roots: readonly Expression[]): Map<Node, string> {
  const uses = new Map<Node, number>();
  const order = topologicalOrder(roots);
  for (const node of order) for (const operand of operands(node)) uses.set(operand, (uses.get(operand) ?? 0) + 1);
  const names = new Map<Node, string>();
  for (const node of order) {
    const isSquare = (parent: Node): boolean =>
      parent.kind === 'binary' && parent.left === node && parent.right === node;
    const count = (uses.get(node) ?? 0) - order.filter(isSquare).length;
    const isWorthALine = operands(node).length > 0 && node.kind !== 'comparison' && node.kind !== 'isNaN';
    if (count > 1 && isWorthALine) names.set(node, `s${names.size + 1}`);
  }
  return names;
}

const extentName = (extent: Extent): string => {
  if (typeof extent === 'string') return extent;
  if ('broadcastOf' in extent) return `axes of ${extent.broadcastOf}`;
  return `axes ${extent.join(', ')}`;
};
