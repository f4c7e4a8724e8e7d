/** Expressions that are computed from nothing. */
import { DefinitionError, refuse } from '../errors.ts';
import { type Expression, type Extent, type InputName, intern, isNode } from './node.ts';

/** An expression, or a number that stands for a constant. */
export type Operand = Expression | number;

export const constant = (value: number): Expression => intern({ kind: 'constant', value });
export const input = (name: Exclude<InputName, 'noise'>, part = 0): Expression => intern({ kind: 'input', name, part });
export const parameter = (name: string): Expression => intern({ kind: 'parameter', name });
export const state = (name: string, extent: Extent): Expression => intern({ kind: 'state', name, extent });
/** The formal argument of a library function's body. */
export const argument = (index = 0): Expression => intern({ kind: 'argument', index });
/** The number of elements that share the extent. */
export const size = (extent: Extent): Expression => intern({ kind: 'size', extent });

/** @throws DefinitionError for what is neither, as a misspelt parameter is in JavaScript. */
export function asExpression(operand: Operand): Expression {
  if (typeof operand === 'number') return constant(operand);
  if (isNode(operand)) return operand;
  refuse(DefinitionError, 'an operand', 'an expression or a number', operand);
}

export const isConstant = (node: Expression, value: number | undefined): boolean =>
  node.kind === 'constant' && Object.is(node.value, value);

/** Whether a node is the constant 0 of either sign. */
export const isZero = (node: Expression): boolean => node.kind === 'constant' && node.value === 0;
