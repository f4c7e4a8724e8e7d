/** What is measured: activations with a shape, and the settings that each is tried with. */
import type { Storage, Tuning } from '@isoact/codegen';
import {
  type Activation,
  adaRelu,
  type Direction,
  gelu,
  prelu,
  relu,
  swish,
  type TensorSpec,
  velu,
} from '@isoact/core';

export interface Case {
  readonly name: string;
  readonly activation: Activation;
  readonly direction: Direction;
  /** The spec for so many elements. */
  readonly spec: (elements: number) => TensorSpec;
  readonly storage: Storage;
  /** Whether to measure the larger size as well. */
  readonly large: boolean;
  readonly variants: readonly Variant[];
}

export interface Variant {
  readonly name: string;
  readonly tuning: Partial<Tuning>;
  readonly subgroup: boolean;
}

const flat = (elements: number): TensorSpec => ({ shape: [elements], dtype: 'float32' });
const rows =
  (length: number) =>
  (elements: number): TensorSpec => ({ shape: [elements / length, length], dtype: 'float32' });
const channels =
  (parameterShapes: Record<string, readonly number[]> = {}) =>
  (elements: number): TensorSpec => ({
    shape: [elements / 256, 256],
    dtype: 'float32',
    channelAxis: 1,
    parameterShapes,
  });
const planes = (elements: number): TensorSpec => ({
  shape: [elements / 2 ** 18, 64, 64, 64],
  dtype: 'float32',
  channelAxis: 1,
});

const product = <A, B>(as: readonly A[], bs: readonly B[]): (readonly [A, B])[] =>
  as.flatMap((a) => bs.map((b) => [a, b] as const));

const maps = (workgroups: readonly number[], packs: readonly number[]): Variant[] =>
  product(workgroups, packs).map(([mapWorkgroup, mapPacks]) => ({
    name: `${mapWorkgroup}x${mapPacks}`,
    tuning: { mapWorkgroup, mapPacks },
    subgroup: false,
  }));

const looped: Variant = { name: 'looped', tuning: { tiles: false }, subgroup: false };

const groups = (size: number, elements: readonly number[], subgroups: readonly boolean[] = [false, true]): Variant[] =>
  product(elements, subgroups).flatMap(([groupElements, subgroup]) => {
    const lanes = size / groupElements;
    return [...new Set([lanes, 128, 256])]
      .filter((workgroup) => workgroup >= Math.max(32, lanes))
      .map((groupWorkgroup) => ({
        name: `${groupElements}each/${lanes}of${groupWorkgroup}${subgroup ? ' sub' : ''}`,
        tuning: { groupElements, groupWorkgroup },
        subgroup,
      }));
  });

const gathers = (
  workgroups: readonly number[],
  packs: readonly number[],
  units: readonly number[],
  subgroup = true,
): Variant[] =>
  product(product(workgroups, packs), units).map(([[gatherWorkgroup, gatherPacks], gatherUnits]) => ({
    name: `${gatherWorkgroup}x${gatherPacks} ${gatherUnits}wg${subgroup ? ' sub' : ''}`,
    tuning: { gatherWorkgroup, gatherPacks, gatherUnits },
    subgroup,
  }));

const plain: Variant = { name: 'default', tuning: {}, subgroup: false };

const of = (
  name: string,
  activation: Activation,
  direction: Direction,
  spec: Case['spec'],
  variants: readonly Variant[],
  { storage = 'float32' as Storage, large = false } = {},
): Case => ({ name, activation, direction, spec, storage, large, variants });

/** Ordered by what matters: time may end before they do. */
export const cases: readonly Case[] = [
  of('relu', relu(), 'forward', flat, maps([64, 128, 256, 512], [1, 2, 4]), { large: true }),
  of('gelu', gelu(), 'forward', flat, maps([128, 256], [1, 2, 4]), { large: true }),
  of('swish', swish(), 'forward', flat, maps([128, 256], [1, 2, 4]), { large: true }),
  of('velu row 1024', velu(), 'forward', rows(1024), [looped, ...groups(1024, [4, 8, 16, 32])], { large: true }),
  of('velu row 1024', velu(), 'vjp', rows(1024), [looped, ...groups(1024, [4, 8, 16])], { large: true }),
  of(
    'adaRelu tensor',
    adaRelu(),
    'forward',
    flat,
    [
      looped,
      ...gathers([256], [4], [256, 512, 1024], false),
      ...gathers([256, 512, 1024], [4, 8], [256, 512, 1024]),
      ...gathers([256], [2], [1024, 2048]),
    ],
    { large: true },
  ),
  of('gelu', gelu(), 'vjp', flat, maps([128, 256], [1, 2])),
  of('swish', swish(), 'vjp', flat, [looped, ...gathers([128, 256], [1, 2, 4], [1024, 4096])]),
  of('velu row 256', velu(), 'forward', rows(256), [looped, ...groups(256, [4, 8, 16])]),
  of('velu row 4096', velu(), 'forward', rows(4096), [looped, ...groups(4096, [16, 32])]),
  of('velu row 64', velu(), 'forward', rows(64), [looped, ...groups(64, [4, 8])]),
  of('velu row 8192', velu(), 'forward', rows(8192), [plain]),
  of('velu float16', velu(), 'forward', rows(1024), [looped, ...groups(1024, [8, 16])], { storage: 'float16' }),
  of('relu float16', relu(), 'forward', flat, maps([256], [1, 2, 4]), { storage: 'float16' }),
  of('gelu float16', gelu(), 'forward', flat, maps([256], [1, 2, 4]), { storage: 'float16' }),
  of('prelu channel', prelu(), 'forward', channels({ slope: [256] }), maps([256], [1, 2, 4])),
  of('prelu channel', prelu(), 'vjp', channels({ slope: [256] }), [plain]),
  of('adaRelu channel', adaRelu({ extent: 'channel' }), 'forward', channels(), [plain]),
  of('adaRelu planes', adaRelu({ extent: 'channel' }), 'forward', planes, [plain]),
  of('velu row 1000', velu(), 'forward', (n) => rows(1000)(Math.floor(n / 1000) * 1000), [looped, plain]),
  of('adaRelu odd', adaRelu(), 'forward', (n) => flat(n - 1), [looped, plain]),
];
