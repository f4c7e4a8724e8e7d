/**
 * How a pass is spread over invocations.
 *
 * A *unit* is what is summed up together: a group that lies together in memory, or a chunk of a larger group. On a GPU
 * the lanes of a workgroup share a unit; a device that is software runs barriers very slowly, so there each invocation
 * has a unit of its own. A *pack* is what one access to memory moves: up to four elements that lie together.
 */
import type { Grouping, Pass } from '@isoact/core';
import { workgroupSize } from './kernel.ts';
import { type Memory, packings } from './storage.ts';

export type Form =
  /** Workgroups of `workgroup` invocations, each with `packs` packs; nothing is summed. */
  | { readonly kind: 'map'; readonly workgroup: number; readonly packs: number }
  /** One unit per invocation. */
  | { readonly kind: 'serial'; readonly unitSize: number }
  /** `lanes` invocations per unit, a power of two, each with up to `elements` elements, one access for each. */
  | { readonly kind: 'cooperative'; readonly lanes: number; readonly elements: number; readonly unitSize: number }
  | Tiled;

/**
 * `lanes` invocations per unit, a power of two, each with `packs` packs of `width` elements in registers, `lanes` packs
 * apart; all units are alike but that the last may be short. A chunk of a larger group is worked on in `rounds`.
 */
export interface Tiled {
  readonly kind: 'tiled';
  readonly workgroup: number;
  readonly lanes: number;
  readonly width: 1 | 2 | 4;
  readonly packs: number;
  readonly rounds: number;
  readonly unitSize: number;
  /** Invocations per subgroup, where lanes add up by subgroup operations; 0 where they meet in workgroup memory. */
  readonly subgroup: number;
}

export type Summing = Exclude<Form, { kind: 'map' } | Tiled>;

/** What the generator must know of a device. */
export interface Device {
  /** Whether barriers cost more than reading memory again, as on a software device. */
  readonly avoidsBarriers: boolean;
  /** The most storage buffers that one kernel can have; any unless given. */
  readonly storageBuffers?: number;
  /** The most bytes that one binding can have; any unless given. */
  readonly bindingBytes?: number;
  /**
   * Invocations per subgroup, where kernels may use subgroup operations: every subgroup has so many, and they are
   * neighbours in their workgroup, as on all devices seen so far whose subgroups have one size.
   */
  readonly subgroup?: number;
  /** Whether its own conversions of float16 are exact: subnormals kept, ties to even, infinite from 65520 on. */
  readonly convertsHalves?: boolean;
  /** Departures from the defaults of `Tuning`. */
  readonly tuning?: Partial<Tuning>;
}

/** What is a matter of speed alone. The defaults are the fastest of those measured on an NVIDIA H200; see tune/. */
export interface Tuning {
  /** Whether lanes hold packs in registers; if not, they loop over single elements. */
  readonly tiles: boolean;
  /** The most elements of a pack, where lanes hold packs. */
  readonly widest: 1 | 2 | 4;
  /** Invocations per workgroup, and packs of each, where nothing is summed. */
  readonly mapWorkgroup: number;
  readonly mapPacks: number;
  /** The least invocations per workgroup where groups are held, and the elements that one should have. */
  readonly groupWorkgroup: number;
  readonly groupElements: number;
  /** Invocations per workgroup, packs of each in a round, and workgroups to spread a gather over. */
  readonly gatherWorkgroup: number;
  readonly gatherPacks: number;
  readonly gatherUnits: number;
  /** The same of a gather beside which elements are written. */
  readonly besidePacks: number;
  readonly besideUnits: number;
}

const defaultTuning: Tuning = {
  tiles: true,
  widest: 4,
  mapWorkgroup: 256,
  mapPacks: 4,
  groupWorkgroup: 128,
  groupElements: 16,
  gatherWorkgroup: 256,
  gatherPacks: 4,
  gatherUnits: 512,
  besidePacks: 2,
  besideUnits: 2048,
};

/** Elements that one invocation adds up: sums are at most this deep before they are added in pairs. */
const elementsPerLane = 16;
/** Elements of a unit that one invocation sums alone, in blocks. */
const serialUnit = 256;
/** The most rounds of a gather: one sum per round is added to the one before. */
const mostRounds = 32;

export function chooseForm(pass: Pass, device: Device, storage: Memory): Form {
  const tuning = { ...defaultTuning, ...device.tuning };
  if (pass.local) {
    const size = Math.max(pass.local.grouping.size, 1); // groups of no elements have the form of single ones
    if (device.avoidsBarriers) return { kind: 'serial', unitSize: size };
    if (!tuning.tiles || takesMoments(pass) || !packings[storage][widthOf(size, tuning)]) {
      const lanes = clampPower(size / 8);
      return { kind: 'cooperative', lanes, elements: powerOfTwo(size / lanes), unitSize: size };
    }
    return tileOfGroups(size, tuning, device.subgroup ?? 0);
  }
  const [gather] = pass.gathers;
  if (!gather) return { kind: 'map', workgroup: tuning.mapWorkgroup, packs: tuning.mapPacks };
  if (device.avoidsBarriers) return { kind: 'serial', unitSize: serialUnit };
  const { size } = gather.grouping;
  if (tuning.tiles && !pass.byGroup && !takesMoments(pass) && packings[storage][widthOf(size, tuning)]) {
    const { besidePacks: gatherPacks, besideUnits: gatherUnits } = tuning;
    const beside = pass.outputs.length > 0 ? { ...tuning, gatherPacks, gatherUnits } : tuning;
    return tileOfGather(size, beside, device.subgroup ?? 0);
  }
  const lanes = pass.byGroup
    ? isInterleaved(gather.grouping)
      ? 8
      : clampPower(size / elementsPerLane)
    : workgroupSize;
  return { kind: 'cooperative', lanes, elements: elementsPerLane, unitSize: lanes * elementsPerLane };
}

const takesMoments = (pass: Pass): boolean =>
  [...pass.gathers, ...(pass.local?.levels.flat() ?? [])].some(({ kind }) => kind === 'moments');

/** Elements of a pack, of groups of this size. */
const widthOf = (size: number, { widest }: Tuning): 1 | 2 | 4 =>
  ([4, 2] as const).find((width) => width <= widest && size % width === 0) ?? 1;

function tileOfGroups(size: number, tuning: Tuning, subgroup: number): Tiled {
  const { groupWorkgroup, groupElements } = tuning;
  const width = widthOf(size, tuning);
  const packs = size / width;
  const most = Math.max(workgroupSize, groupWorkgroup);
  const lanes = Math.min(most, powerOfTwo(size / groupElements), 2 ** Math.floor(Math.log2(packs)));
  return {
    kind: 'tiled',
    workgroup: Math.max(groupWorkgroup, lanes),
    lanes,
    width,
    packs: Math.ceil(packs / lanes),
    rounds: 1,
    unitSize: size,
    subgroup,
  };
}

function tileOfGather(size: number, tuning: Tuning, subgroup: number): Tiled {
  const { gatherWorkgroup: workgroup, gatherUnits } = tuning;
  const width = widthOf(size, tuning);
  const packs = (tuning.gatherPacks * tuning.widest) / width;
  const tile = workgroup * packs * width;
  const rounds = Math.min(mostRounds, Math.max(1, Math.ceil(size / tile / gatherUnits)));
  return { kind: 'tiled', workgroup, lanes: workgroup, width, packs, rounds, unitSize: tile * rounds, subgroup };
}

/** Whether neighbours in memory belong to different groups: then neighbouring lanes take different groups too. */
export const isInterleaved = ({ dimensions }: Grouping): boolean => (dimensions.at(-1)?.groupStride ?? 0) > 0;

const powerOfTwo = (atLeast: number): number => 2 ** Math.max(0, Math.ceil(Math.log2(atLeast)));
const clampPower = (atLeast: number): number => Math.min(workgroupSize, powerOfTwo(atLeast));

/** Invocations per workgroup in the serial form. */
export const serialLanes = 64;
export function lanesOf(form: Form): number {
  if (form.kind === 'serial') return serialLanes;
  return form.kind === 'cooperative' ? workgroupSize : form.workgroup;
}

export function workgroupsOf(form: Form, units: number): number {
  if (form.kind === 'cooperative' || form.kind === 'tiled') return Math.ceil((units * form.lanes) / lanesOf(form));
  return Math.ceil(units / lanesOf(form));
}
