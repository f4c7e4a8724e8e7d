/**
 * Sums over axes, shallow ones: ONNX Runtime's GPU reductions add up to n/64 terms one after another in each invocation
 * (1.30), so that the error of one reduction grows with n. Reduced in blocks, no term goes through more than a few dozen
 * additions.
 */
import type { GraphWriter, Value } from './graph-writer.ts';

/** A reduction of this many terms adds 1024/64 in a row and then 6 levels of a tree. */
const blockLength = 1024;

export interface AxisSum {
  readonly writer: GraphWriter;
  /** Lengths of the value, 1 where it does not vary; its own rank may be lower. */
  readonly lengths: readonly number[];
}

/** The sum over the axes, which keep length 1. */
export function blockedSum(value: Value, axes: readonly number[], { writer, lengths }: AxisSum): Value {
  const remaining = [...lengths];
  let result = value;
  for (const run of shortRuns(axes, lengths)) {
    const only = run.length === 1 ? (run[0] as number) : undefined;
    const long = only !== undefined && (remaining[only] as number) > blockLength;
    result = long ? splitSum(result, only, remaining) : reduce(result, run, remaining.length);
    for (const axis of run) remaining[axis] = 1;
  }
  return result;

  function reduce(operand: Value, over: readonly number[], rank: number): Value {
    return writer.reduce(
      'ReduceSum',
      operand,
      over.map((axis) => axis - rank),
    );
  }

  function reshape(operand: Value, to: readonly number[]): Value {
    return writer.node('Reshape', [operand, writer.constant(to, 'int64')], operand.type);
  }

  /** The sum along one long axis: whole blocks, the sums of the blocks, and what is left over. */
  function splitSum(operand: Value, axis: number, shape: readonly number[]): Value {
    const length = shape[axis] as number;
    if (length <= blockLength) return reduce(operand, [axis], shape.length);
    const block = largestDivisor(length);
    if (block < 32) {
      const whole = length - (length % blockLength);
      const head = splitSum(slice(operand, axis, 0, whole, shape.length), axis, replaced(shape, axis, [whole]));
      const tail = reduce(slice(operand, axis, whole, length, shape.length), [axis], shape.length);
      return writer.node('Add', [head, tail], operand.type);
    }
    const blocks = reshape(operand, replaced(shape, axis, [length / block, block]));
    const partial = reduce(blocks, [axis + 1], shape.length + 1);
    const total = splitSum(partial, axis, replaced(shape, axis, [length / block, 1]));
    return reshape(total, replaced(shape, axis, [1]));
  }

  function slice(operand: Value, axis: number, from: number, to: number, rank: number): Value {
    const bounds = [[from], [to], [axis - rank]].map((list) => writer.constant(list, 'int64'));
    return writer.node('Slice', [operand, ...bounds], operand.type);
  }
}

/** The axes, innermost first, in runs of at most a block of terms; a longer axis is a run of its own. */
function shortRuns(axes: readonly number[], lengths: readonly number[]): number[][] {
  const runs: number[][] = [];
  let terms = Number.POSITIVE_INFINITY;
  for (const axis of [...axes].reverse()) {
    const length = lengths[axis] as number;
    if (terms * length <= blockLength) runs.at(-1)?.push(axis);
    else runs.push([axis]);
    terms = terms * length <= blockLength ? terms * length : length;
  }
  return runs;
}

const replaced = (shape: readonly number[], axis: number, by: readonly number[]): number[] => [
  ...shape.slice(0, axis),
  ...by,
  ...shape.slice(axis + 1),
];

function largestDivisor(length: number): number {
  for (let divisor = blockLength; divisor > 1; divisor--) if (length % divisor === 0) return divisor;
  return 1;
}
