/** Adds up the partials of gathers, so many for each group, until one value is left for each. */
import { type AccumulatorType, merge, wordsOf, zeroOf } from './accumulator.ts';
import { createKernelBuilder } from './builder.ts';
import { type Device, serialLanes } from './form.ts';
import { indent, type Kernel, workgroupSize } from './kernel.ts';
import { reduceParts } from './loops.ts';
import { workgroupNumber } from './unit.ts';

/** Runs of values that lie one after another, `partials` of them for each of `groups`. */
export interface Run {
  readonly type: AccumulatorType;
  readonly at: number;
  readonly groups: number;
  readonly partials: number;
}

/** Where the sums go: words of the scratch buffer from here on, or a buffer of the caller's with one f32 for each. */
export type Target = number | { readonly scalar: string };

/** An invocation adds up so many sums of so many values. */
const block = 8;

/** Partials that one step makes one of. */
export const combinedAtOnce = ({ avoidsBarriers }: Device): number =>
  avoidsBarriers ? block ** 2 : workgroupSize * block ** 2;

/** One step: from `partials` values for each group to ⌈partials / combinedAtOnce⌉. */
export function emitCombine({ type, at, groups, partials }: Run, target: Target, device: Device): Kernel {
  const serial = device.avoidsBarriers;
  const lanes = serial ? serialLanes : workgroupSize;
  const chunkSize = combinedAtOnce(device);
  const chunks = Math.ceil(partials / chunkSize);
  const units = groups * chunks;
  const builder = createKernelBuilder(lanes, {});
  const size = builder.size;
  if (type === 'Moments') builder.useMoments('merge');
  const word = (place: string): string => (wordsOf[type] === 1 ? place : `(${place}) * ${wordsOf[type]}u`);
  const store = (value: string): string =>
    typeof target === 'number'
      ? builder.store(type, `${size('destination', target)} + ${word('unit')}`, value)
      : `${builder.buffer({ kind: 'scalar', name: target.scalar, access: 'write' })}[unit] = ${value};`;
  const main = [
    `let unit = ${serial ? `(${workgroupNumber}) * ${lanes}u + lane` : workgroupNumber};`,
    `if (unit >= ${size('units', units)}) { return; }`,
    `let group = unit / ${size('chunks', chunks)};`,
    `let first = (unit % ${size('chunks', chunks)}) * ${chunkSize}u;`,
    `let count = min(${chunkSize}u, ${size('partials', partials)} - first);`,
    `let origin = group * ${size('partials', partials)} + first;`,
    ...sumBlocks(type, serial ? 1 : workgroupSize, builder.load(type, `${size('source', at)} + ${word('origin + k')}`)),
  ];
  if (serial) main.push(store('whole'));
  else {
    const { lines, slots } = reduceParts([{ type, name: 'whole' }], workgroupSize, 1, 'lane', builder);
    main.push(...lines, `if (lane == 0u) { ${store(`${slots[0]}[0]`)} }`);
  }
  return builder.build(`combine ${type}`, serial ? Math.ceil(units / serialLanes) : units, main);
}

/** `whole`, the sum of every `step`-th value from the lane's on, in sums of a block each. */
function sumBlocks(type: AccumulatorType, step: number, value: string): string[] {
  const stride = step * block;
  return [
    `var whole = ${zeroOf[type]};`,
    `for (var start = ${step === 1 ? '0u' : 'lane'}; start < count; start += ${stride}u) {`,
    ...indent([
      `var part = ${zeroOf[type]};`,
      `for (var k = start; k < min(start + ${stride}u, count); k += ${step}u) {`,
      `  part = ${merge(type, 'part', value)};`,
      '}',
      `whole = ${merge(type, 'whole', 'part')};`,
    ]),
    '}',
  ];
}
