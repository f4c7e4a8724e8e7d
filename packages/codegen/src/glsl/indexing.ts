/**
 * From an element's place in the tensor to its group, and back. Lengths and strides stand in the text: a fragment
 * program is compiled for the sizes of its textures anyway.
 */
import type { Grouping, MergedDimension, Placement } from '@isoact/core';

/** Text of the group that the element at `index` belongs to. */
export const groupIndex = (index: string, { dimensions }: Grouping): string =>
  sumOf(
    dimensions.flatMap((dimension, d) =>
      dimension.groupStride === 0
        ? []
        : [times(positionOf(index, dimension, dimension.stride, d === 0), dimension.groupStride)],
    ),
  );

/** Text of the tensor index of the first element of a group. */
export function groupStart(group: string, { dimensions }: Grouping): string {
  const outermost = dimensions.findIndex(({ groupStride }) => groupStride > 0);
  return sumOf(
    dimensions.flatMap((dimension, d) =>
      dimension.groupStride === 0
        ? []
        : [times(positionOf(group, dimension, dimension.groupStride, d === outermost), dimension.stride)],
    ),
  );
}

/** Text of the distance in the tensor of the k-th element of a group from its first. */
export function elementOffset(k: string, { dimensions }: Grouping): string {
  const outermost = dimensions.findIndex(({ elementStride }) => elementStride > 0);
  return sumOf(
    dimensions.flatMap((dimension, d) =>
      dimension.elementStride === 0
        ? []
        : [times(positionOf(k, dimension, dimension.elementStride, d === outermost), dimension.stride)],
    ),
  );
}

/** Text of the place of an element of one part of a tensor that has several. */
export function placeInParts(index: string, part: number, { parts, block }: Placement): string {
  if (parts === 1) return index;
  const before = `${index} / ${block}${parts === 2 ? '' : ` * ${parts - 1}`}`;
  return `${index} + ${part === 0 ? before : `(${before} + ${part})`} * ${block}`;
}

/** Statements that name, of the element at `index` of a tensor of several parts, its `part` and `place` in x. */
export const partLines = (index: string, { parts, block }: Placement): string[] => [
  `int part = ${index} / ${block} % ${parts};`,
  `int place = ${index} / ${parts * block} * ${block} + ${index} % ${block};`,
];

function positionOf(index: string, { length }: MergedDimension, divisor: number, isOutermost: boolean): string {
  const quotient = divisor === 1 ? `(${index})` : `((${index}) / ${divisor})`;
  return isOutermost ? quotient : `(${quotient} % ${length})`;
}

const times = (position: string, factor: number): string => (factor === 1 ? position : `${position} * ${factor}`);
const sumOf = (terms: readonly string[]): string => (terms.length === 0 ? '0' : terms.join(' + '));
