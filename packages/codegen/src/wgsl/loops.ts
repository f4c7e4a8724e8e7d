/** The loops over a unit's elements, and the reduction over its lanes. */

import { type AccumulatorType, merge } from './accumulator.ts';
import type { KernelBuilder } from './builder.ts';
import type { Summing } from './form.ts';
import { indent } from './kernel.ts';

/** Terms that are added one after another, before their sum is added to the next longer one's. */
const block = 16;

/** The variable that a loop's body adds to. */
export const summand = (form: Summing, sum: string): string => (form.kind === 'serial' ? `${sum}_block` : sum);

/**
 * A loop over the elements of the invocation's unit, or of its share of it. The body sees k, the element's place in
 * the unit. A serial sum is made of sums of blocks of blocks, so that few roundings follow one upon another.
 */
export function loop(form: Summing, sums: readonly string[], body: readonly string[]): string[] {
  if (form.kind === 'cooperative') {
    const k = form.lanes === 1 ? 'e' : `e * ${form.lanes}u + member`;
    return [
      ...sums.map((sum) => `var ${sum} = 0.0;`),
      `for (var e = 0u; e < ${form.elements}u; e++) {`,
      `  let k = ${k};`,
      '  if (k < count) {',
      ...indent(indent(body)),
      '  }',
      '}',
    ];
  }
  if (sums.length === 0) return ['for (var k = 0u; k < count; k++) {', ...indent(body), '}'];
  return [
    ...sums.flatMap((sum) => [`var ${sum} = 0.0;`, `var ${sum}_blocks = 0.0;`]),
    `for (var start = 0u; start < count; start += ${block}u) {`,
    ...sums.map((sum) => `  var ${sum}_block = 0.0;`),
    `  let end = min(start + ${block}u, count);`,
    '  for (var k = start; k < end; k++) {',
    ...indent(indent(body)),
    '  }',
    ...sums.map((sum) => `  ${sum}_blocks += ${sum}_block;`),
    `  if ((start & ${block * (block - 1)}u) == ${block * (block - 1)}u) {`,
    ...sums.flatMap((sum) => [`    ${sum} += ${sum}_blocks;`, `    ${sum}_blocks = 0.0;`]),
    '  }',
    '}',
    ...sums.map((sum) => `${sum} += ${sum}_blocks;`),
  ];
}

/** A value that lanes have parts of. */
export interface Part {
  readonly type: AccumulatorType;
  readonly name: string;
}

/**
 * Adds up parts over `width` neighbouring members in workgroup memory, in pairs. Afterwards the first member's slot has
 * the whole; gives the text of each slot array. `stride` is the distance in lanes between members.
 */
export function reduceParts(
  parts: readonly Part[],
  width: number,
  stride: number,
  member: string,
  builder: KernelBuilder,
): { lines: string[]; slots: string[] } {
  const counts = new Map<AccumulatorType, number>();
  const slots = parts.map(({ type }) => {
    const index = counts.get(type) ?? 0;
    counts.set(type, index + 1);
    if (type === 'Moments') builder.useMoments('merge');
    return builder.shared(type, index);
  });
  const distance = stride === 1 ? 'width' : `width * ${stride}u`;
  const lines = [
    'workgroupBarrier();',
    ...parts.map(({ name }, p) => `${slots[p]}[lane] = ${name};`),
    `for (var width = ${width / 2}u; width > 0u; width >>= 1u) {`,
    '  workgroupBarrier();',
    `  if (${member} < width) {`,
    ...parts.map(
      ({ type }, p) =>
        `    ${slots[p]}[lane] = ${merge(type, `${slots[p]}[lane]`, `${slots[p]}[lane + ${distance}]`)};`,
    ),
    '  }',
    '}',
    'workgroupBarrier();',
  ];
  return { lines, slots };
}
