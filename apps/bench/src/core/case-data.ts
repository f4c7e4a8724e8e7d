/** Shapes and sizes of a case. */
import { type Activation, elementCount, partedShape, type TensorSpec } from '@isoact/core';
import type { BenchCase, Direction } from './candidate.ts';
import { type BenchDtype, elementTypes } from './dtypes.ts';

/** The width of a layer; a statistic over rows of it fits a workgroup. */
const rowLength = 1024;

/** A case of so many elements: rows of a layer's width, which are its channels. */
export const caseOf = (
  activation: Activation,
  direction: Direction,
  elements: number,
  { name = activation.name, dtype = 'float32' }: { readonly name?: string; readonly dtype?: BenchDtype } = {},
): BenchCase => ({
  activation,
  name,
  direction,
  shape: elements % rowLength === 0 ? [elements / rowLength, rowLength] : [1, elements],
  dtype,
  ...((activation.forward.y.length > 1 || activation.options.extent === 'channel') && { channelAxis: 1 }),
});

/** What a backend compiles for a case. */
export const specOf = ({ shape, dtype, channelAxis }: BenchCase): TensorSpec & { readonly dtype: BenchDtype } => ({
  shape,
  dtype,
  ...(channelAxis !== undefined && { channelAxis }),
});

/** Elements of x. */
export const lengthOf = ({ shape }: BenchCase): number => elementCount(shape);

const partsOf = ({ activation }: BenchCase): number => activation.forward.y.length;

/** The shape of y, and of the upstream gradient. */
export const outputShape = (question: BenchCase): readonly number[] => partedShape(partsOf(question), specOf(question));

/** Elements of y, and of the upstream gradient. */
export const outputLength = (question: BenchCase): number => partsOf(question) * lengthOf(question);

/** Elements of what a call computes: y, or x's gradient. */
export const primaryLength = (question: BenchCase): number =>
  question.direction === 'forward' ? outputLength(question) : lengthOf(question);

/** Bytes of so many elements of the case. */
export const bytesOf = ({ dtype }: Pick<BenchCase, 'dtype'>, elements: number): number =>
  elementTypes[dtype].bytes * elements;

/** Bytes of a call that reads each input and writes each output exactly once. */
export const idealBytes = (question: BenchCase): number =>
  bytesOf(
    question,
    lengthOf(question) + outputLength(question) + (question.direction === 'vjp' ? lengthOf(question) : 0),
  );

/** Bytes that a copy of x moves: it is read and written. */
export const copyBytes = (question: BenchCase): number => 2 * bytesOf(question, lengthOf(question));
