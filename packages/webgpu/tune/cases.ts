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
  /** Whether it is measured at every size as well. */
  readonly sweeps: boolean;
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

const groups = (size: number, settings: readonly (readonly [elements: number, workgroup: number])[]): Variant[] =>
  settings.map(([groupElements, groupWorkgroup]) => ({
    name: `${groupElements} each, ${Math.ceil(size / groupElements)} of ${groupWorkgroup}`,
    tuning: { groupElements, groupWorkgroup },
    subgroup: true,
  }));

const gathers = (settings: readonly (readonly [workgroup: number, packs: number, units: number])[]): Variant[] =>
  settings.map(([gatherWorkgroup, gatherPacks, gatherUnits]) => ({
    name: `${gatherWorkgroup}x${gatherPacks}, ${gatherUnits}`,
    tuning: { gatherWorkgroup, gatherPacks, gatherUnits },
    subgroup: true,
  }));

const usual: Variant = { name: 'usual', tuning: {}, subgroup: true };
const barriers: Variant = { name: 'no subgroups', tuning: {}, subgroup: false };

interface Wishes {
  readonly storage?: Storage;
  readonly large?: boolean;
  readonly sweeps?: boolean;
}

const of = (
  name: string,
  activation: Activation,
  direction: Direction,
  spec: Case['spec'],
  variants: readonly Variant[],
  { storage = 'float32', large = false, sweeps = false }: Wishes = {},
): Case => ({ name, activation, direction, spec, storage, large, sweeps, variants });

const streams = maps([256, 512], [1, 2, 4]);
const important: Wishes = { large: true, sweeps: true };
const half: Wishes = { storage: 'float16' };
const rowsOfThousand = (n: number): TensorSpec => rows(1000)(Math.floor(n / 1000) * 1000);

/** Ordered by what matters: time may end before they do. */
export const cases: readonly Case[] = [
  of('relu', relu(), 'forward', flat, streams, important),
  of('gelu', gelu(), 'forward', flat, [...streams, ...maps([128], [4, 8])], important),
  of('swish', swish(), 'forward', flat, streams, { large: true }),
  of(
    'velu row 1024',
    velu(),
    'forward',
    rows(1024),
    [
      usual,
      barriers,
      ...groups(1024, [
        [8, 128],
        [16, 64],
        [16, 256],
        [32, 128],
        [32, 256],
      ]),
    ],
    important,
  ),
  of(
    'velu row 1024',
    velu(),
    'vjp',
    rows(1024),
    [
      usual,
      barriers,
      ...groups(1024, [
        [8, 128],
        [8, 256],
        [16, 64],
        [16, 256],
      ]),
    ],
    important,
  ),
  of(
    'adaRelu tensor',
    adaRelu(),
    'forward',
    flat,
    [
      usual,
      ...gathers([
        [256, 4, 512],
        [256, 4, 2048],
        [512, 4, 512],
        [1024, 4, 256],
      ]),
      { name: 'map 512x2', tuning: { mapWorkgroup: 512, mapPacks: 2 }, subgroup: true },
      { name: 'map 256x2', tuning: { mapPacks: 2 }, subgroup: true },
    ],
    important,
  ),
  of('gelu', gelu(), 'vjp', flat, maps([256], [1, 2, 4]), { large: true }),
  of(
    'swish',
    swish(),
    'vjp',
    flat,
    [
      usual,
      { name: 'units 1024', tuning: { besideUnits: 1024 }, subgroup: true },
      { name: 'units 4096', tuning: { besideUnits: 4096 }, subgroup: true },
    ],
    { large: true },
  ),
  of('relu float16', relu(), 'forward', flat, maps([256], [2, 4, 8]), half),
  of('gelu float16', gelu(), 'forward', flat, maps([256], [2, 4]), half),
  of('velu float16', velu(), 'forward', rows(1024), [usual, ...groups(1024, [[8, 128]])], half),
  of('velu row 64', velu(), 'forward', rows(64), [usual, ...groups(64, [[8, 256]])]),
  of('velu row 256', velu(), 'forward', rows(256), [usual, ...groups(256, [[8, 128]])]),
  of('velu row 4096', velu(), 'forward', rows(4096), [usual, ...groups(4096, [[32, 128]])]),
  of('velu row 8192', velu(), 'forward', rows(8192), [usual]),
  of('velu row 1000', velu(), 'forward', rowsOfThousand, [usual, ...groups(1000, [[8, 128]])]),
  of('adaRelu odd', adaRelu(), 'forward', (n) => flat(n - 1), [usual]),
  of('prelu channel', prelu(), 'forward', channels({ slope: [256] }), [usual]),
  of('prelu channel', prelu(), 'vjp', channels({ slope: [256] }), [usual]),
  of('adaRelu channel', adaRelu({ extent: 'channel' }), 'forward', channels(), [usual]),
  of('adaRelu planes', adaRelu({ extent: 'channel' }), 'forward', planes, [usual]),
];
