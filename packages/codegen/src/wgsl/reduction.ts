/** Sums over the lanes of a workgroup, or of each of its units, that every one of them then has. */
import type { AccumulatorType } from './accumulator.ts';
import type { KernelBuilder } from './builder.ts';
import type { Tiled } from './form.ts';
import { type Part, reduceParts } from './loops.ts';

export type { Part } from './loops.ts';

/** Adds statements to `main`; gives the names of the sums over `width` neighbouring lanes. */
export function reduceOver(
  parts: readonly Part[],
  width: number,
  { subgroup, workgroup }: Pick<Tiled, 'subgroup' | 'workgroup'>,
  builder: KernelBuilder,
  main: string[],
): string[] {
  if (width === 1) return parts.map(({ name }) => name);
  const named = (type: AccumulatorType, name: string, value: string): string => {
    const whole = builder.names.unique(`whole_${name}`);
    main.push(builder.declare(whole, type, value));
    return whole;
  };
  if (subgroup === 0 || width / subgroup > subgroup) {
    const member = width === workgroup ? 'lane' : `lane % ${width}u`;
    const { lines, slots } = reduceParts(parts, width, 1, width === workgroup ? member : 'member', builder);
    main.push(...lines);
    return parts.map(({ type, name }, p) =>
      named(type, name, `${slots[p]}[${width === workgroup ? '0' : 'lane - member'}]`),
    );
  }
  builder.useSubgroups();
  if (width === subgroup) return parts.map(({ type, name }) => named(type, name, `subgroupAdd(${name})`));
  if (width < subgroup) {
    return parts.map(({ type, name }) => {
      let sum = name;
      for (let distance = 1; distance < width; distance *= 2) {
        sum = named(type, name, `${sum} + subgroupShuffleXor(${sum}, ${distance}u)`);
      }
      return sum;
    });
  }
  const each = width / subgroup;
  const counts = new Map<AccumulatorType, number>();
  const slots = parts.map(({ type }) => {
    const index = counts.get(type) ?? 0;
    counts.set(type, index + 1);
    return builder.shared(type, index, workgroup / subgroup);
  });
  const sums = parts.map(({ type, name }) => named(type, `${name}_of_subgroup`, `subgroupAdd(${name})`));
  main.push(
    'workgroupBarrier();',
    `if (subgroup_lane == 0u) {`,
    ...sums.map((sum, p) => `  ${slots[p]}[lane / ${subgroup}u] = ${sum};`),
    '}',
    'workgroupBarrier();',
  );
  const origin = width === workgroup ? '' : `lane / ${width}u * ${each}u + `;
  return parts.map(({ type, name }, p) => {
    const zero = type === 'u32' ? '0u' : '0.0';
    const own = named(type, `${name}_of_one`, `${slots[p]}[${origin}subgroup_lane % ${each}u]`);
    return named(type, name, `subgroupAdd(select(${zero}, ${own}, subgroup_lane < ${each}u))`);
  });
}
