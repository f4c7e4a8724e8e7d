/** Adds up the partials of gathers, so many for each group, until one value is left for each. */
import { type AccumulatorType, merge, wordsOf, zeroOf } from './accumulator.ts';
import { createKernelBuilder } from './builder.ts';
import { type Device, serialLanes } from './form.ts';
import { type Kernel, workgroupSize } from './kernel.ts';
import { reduceParts } from './loops.ts';

/** Runs of values that lie one after another, `partials` of them for each of `groups`. */
export interface Run {
  readonly type: AccumulatorType;
  readonly at: number;
  readonly groups: number;
  readonly partials: number;
}

const lanesEach = 16;
const serialBlock = 8;

/** Partials that one step makes one of. */
export const combinedAtOnce = ({ avoidsBarriers }: Device): number =>
  avoidsBarriers ? serialBlock ** 2 : workgroupSize * lanesEach;

/** One step: from `partials` values for each group to ⌈partials / combinedAtOnce⌉, written from `target` on. */
export function emitCombine({ type, at, groups, partials }: Run, target: number, device: Device): Kernel {
  const chunkSize = combinedAtOnce(device);
  const chunks = Math.ceil(partials / chunkSize);
  const units = groups * chunks;
  const serial = device.avoidsBarriers;
  const lanes = serial ? serialLanes : workgroupSize;
  const builder = createKernelBuilder(lanes, {});
  const size = builder.size;
  const unitCount = size('units', units);
  const source = size('source', at);
  const destination = size('destination', target);
  const words = wordsOf[type];
  if (type === 'Moments') builder.useMoments('merge');
  const scaled = (place: string): string => (words === 1 ? place : `(${place}) * ${words}u`);
  const number = 'workgroup.x + workgroup.y * workgroups.x';
  const main = [
    serial ? `let unit = (${number}) * ${lanes}u + lane;` : `let unit = ${number};`,
    `if (unit >= ${unitCount}) { return; }`,
    `let group = unit / ${size('chunks', chunks)};`,
    `let first = (unit % ${size('chunks', chunks)}) * ${chunkSize}u;`,
    `let count = min(${chunkSize}u, ${size('partials', partials)} - first);`,
    `let origin = group * ${size('partials', partials)} + first;`,
    `var whole = ${zeroOf[type]};`,
  ];
  const value = builder.load(type, `${source} + ${scaled('origin + k')}`);
  const stores = builder.store(type, `${destination} + ${scaled('unit')}`, serial ? 'whole' : 'PLACE');
  if (serial) {
    main.push(
      `for (var start = 0u; start < count; start += ${serialBlock}u) {`,
      `  var part = ${zeroOf[type]};`,
      `  let end = min(start + ${serialBlock}u, count);`,
      '  for (var k = start; k < end; k++) {',
      `    part = ${merge(type, 'part', value)};`,
      '  }',
      `  whole = ${merge(type, 'whole', 'part')};`,
      '}',
      stores,
    );
  } else {
    const { lines, slots } = reduceParts([{ type, name: 'whole' }], workgroupSize, 1, 'lane', builder);
    main.push(
      `for (var k = lane; k < count; k += ${workgroupSize}u) {`,
      `  whole = ${merge(type, 'whole', value)};`,
      '}',
      ...lines,
      `if (lane == 0u) { ${stores.replace('PLACE', `${slots[0]}[0]`)} }`,
    );
  }
  return builder.build(`combine ${type}`, serial ? Math.ceil(units / serialLanes) : units, main);
}
