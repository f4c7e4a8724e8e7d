/** From an element's place in the tensor to its group, and back, with as few divisions as the layout allows. */
import type { Grouping, MergedDimension, Placement } from '@isoact/core';
import type { KernelBuilder } from './builder.ts';

/** Text of the group that the element at `index` belongs to. Uniforms are named after `hint`. */
export function groupIndex(index: string, { dimensions }: Grouping, hint: string, builder: KernelBuilder): string {
  return sumOf(
    dimensions.flatMap((dimension, d) => {
      if (dimension.groupStride === 0) return [];
      const position = positionOf(
        index,
        dimension,
        dimension.stride,
        d === 0,
        `${hint}_stride${d}`,
        `${hint}_length${d}`,
        builder,
      );
      return [times(position, dimension.groupStride, `${hint}_step${d}`, builder)];
    }),
  );
}

/** Text of the tensor index of the first element of a group. */
export function groupStart(group: string, { dimensions }: Grouping, hint: string, builder: KernelBuilder): string {
  const outermost = dimensions.findIndex(({ groupStride }) => groupStride > 0);
  return sumOf(
    dimensions.flatMap((dimension, d) => {
      if (dimension.groupStride === 0) return [];
      const position = positionOf(
        group,
        dimension,
        dimension.groupStride,
        d === outermost,
        `${hint}_step${d}`,
        `${hint}_length${d}`,
        builder,
      );
      return [times(position, dimension.stride, `${hint}_stride${d}`, builder)];
    }),
  );
}

/** Text of the distance in the tensor of the k-th element of a group from its first. */
export function elementOffset(k: string, { dimensions }: Grouping, hint: string, builder: KernelBuilder): string {
  const outermost = dimensions.findIndex(({ elementStride }) => elementStride > 0);
  return sumOf(
    dimensions.flatMap((dimension, d) => {
      if (dimension.elementStride === 0) return [];
      const position = positionOf(
        k,
        dimension,
        dimension.elementStride,
        d === outermost,
        `${hint}_inner${d}`,
        `${hint}_length${d}`,
        builder,
      );
      return [times(position, dimension.stride, `${hint}_stride${d}`, builder)];
    }),
  );
}

/** Text of the place of an element of one part of a tensor that has several; places and blocks count packs of elements. */
export function placeInParts(
  index: string,
  part: number,
  { parts, block }: Placement,
  builder: KernelBuilder,
  pack = 1,
): string {
  if (parts === 1) return index;
  const size = builder.size('block', block / pack);
  const before = `${index} / ${size}${parts === 2 ? '' : ` * ${parts - 1}u`}`;
  return `${index} + ${part === 0 ? before : `(${before} + ${part}u)`} * ${size}`;
}

function positionOf(
  index: string,
  { length }: MergedDimension,
  divisor: number,
  isOutermost: boolean,
  divisorName: string,
  lengthName: string,
  builder: KernelBuilder,
): string {
  const quotient = divisor === 1 ? index : `${index} / ${builder.size(divisorName, divisor)}`;
  if (isOutermost) return quotient;
  return `${divisor === 1 ? quotient : `(${quotient})`} % ${builder.size(lengthName, length)}`;
}

const times = (position: string, factor: number, name: string, builder: KernelBuilder): string =>
  factor === 1 ? position : `(${position}) * ${builder.size(name, factor)}`;

const sumOf = (terms: readonly string[]): string =>
  terms.length === 0
    ? '0u'
    : terms.map((term) => (terms.length > 1 && !/^[\w.]+$/.test(term) ? `(${term})` : term)).join(' + ');
