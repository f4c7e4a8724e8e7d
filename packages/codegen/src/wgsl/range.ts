/** Parts of a tensor that one binding can hold, each traversed by kernels of its own. */
import { type Grouping, mustBe, type Pass, type Plan, UnsupportedError } from '@isoact/core';
import type { KernelBuilder } from './builder.ts';
import type { Kernel } from './kernel.ts';
import type { Memory } from './storage.ts';

/** Elements from `start` on. */
export interface Range {
  readonly start: number;
  readonly length: number;
  /** Whether it is all of the tensor. */
  readonly isWhole: boolean;
}

/** Bytes by which every device lets the offset of a binding be aligned. */
const alignment = 256;

/**
 * Cuts the tensor where a pass can be cut: between the groups that it holds, or along the outermost axis.
 * @throws UnsupportedError where what belongs together does not fit.
 */
export function rangesOf(plan: Plan, pass: Pass, storage: Memory, bindingBytes: number): Range[] {
  const { length } = plan;
  const { parts } = plan.placement;
  const elementBytes = storage === 'float32' ? 4 : 2;
  if (parts > 1 && parts * length * elementBytes > bindingBytes) {
    const most = `at most ${Math.floor(bindingBytes / elementBytes)} on this device`;
    throw new UnsupportedError(mustBe(`the elements of ${parts} parts`, most, parts * length, 'Split the tensor.'));
  }
  if (length * elementBytes <= bindingBytes) return [{ start: 0, length, isWhole: true }];
  const together =
    pass.local?.grouping.size ?? (pass.byGroup ? (pass.gathers[0]?.grouping.dimensions[0]?.stride ?? 1) : 1);
  const unit = leastCommonMultiple(together, alignment / elementBytes);
  const most = Math.floor(bindingBytes / elementBytes / unit) * unit;
  if (most === 0) {
    throw new UnsupportedError(
      mustBe(
        'the elements that must be bound together',
        `at most ${bindingBytes / elementBytes} on this device`,
        unit,
        'Split the tensor.',
      ),
    );
  }
  return Array.from({ length: Math.ceil(length / most) }, (_, r) => {
    const start = r * most;
    return { start, length: Math.min(most, length - start), isWhole: false };
  });
}

/** The groups of a grouping, as far as they lie in the range, and which of all groups is the first of them. */
export function groupingIn(
  grouping: Grouping,
  { start, length, isWhole }: Range,
): { grouping: Grouping; firstGroup: number } {
  const [outermost, ...inner] = grouping.dimensions;
  if (isWhole || !outermost) return { grouping, firstGroup: 0 };
  const { stride, groupStride } = outermost;
  const share = length / stride / outermost.length;
  const dimensions = [{ ...outermost, length: length / stride }, ...inner];
  return groupStride > 0
    ? {
        grouping: { groups: grouping.groups * share, size: grouping.size, dimensions },
        firstGroup: (start / stride) * groupStride,
      }
    : { grouping: { groups: grouping.groups, size: grouping.size * share, dimensions }, firstGroup: 0 };
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

/** Text of an element's index in the tensor; `index` is that in the range. */
export const tensorIndex = (range: Range, builder: KernelBuilder): string =>
  range.isWhole ? 'index' : `(index + ${builder.size('first_element', range.start)})`;

/** The kernel bound to a range of the tensors. */
export const inRange = (kernel: Kernel, range: Range): Kernel =>
  range.isWhole
    ? kernel
    : {
        ...kernel,
        bindings: kernel.bindings.map((binding) =>
          binding.kind === 'input' || binding.kind === 'output' ? { ...binding, range } : binding,
        ),
      };
