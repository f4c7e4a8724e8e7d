/**
 * How a pass is spread over invocations.
 *
 * A *unit* is what is summed up together: a group that lies together in memory, or a chunk of a larger group. On a GPU
 * the lanes of a workgroup share a unit and meet at barriers; a device that is software runs barriers very slowly, so
 * there each invocation has a unit of its own.
 */
import type { Grouping, Pass } from '@isoact/core';
import { workgroupSize } from './kernel.ts';

export type Form =
  /** A few elements per invocation; nothing is summed. */
  | { readonly kind: 'map' }
  /** One unit per invocation. */
  | { readonly kind: 'serial'; readonly unitSize: number }
  /** `lanes` invocations per unit, a power of two, each with up to `elements` elements. */
  | { readonly kind: 'cooperative'; readonly lanes: number; readonly elements: number; readonly unitSize: number };

export type Summing = Exclude<Form, { kind: 'map' }>;

/** What the generator must know of a device. */
export interface Device {
  /** Whether barriers cost more than reading memory again, as on a software device. */
  readonly avoidsBarriers: boolean;
  /** The most bytes that one binding can have; any unless given. */
  readonly bindingBytes?: number;
}

/** Elements that one invocation adds up: sums are at most this deep before they are added in pairs. */
const elementsPerLane = 16;
/** Elements of a unit that one invocation sums alone, in blocks. */
const serialUnit = 256;

export function chooseForm(pass: Pass, device: Device): Form {
  if (pass.local) {
    const { size } = pass.local.grouping;
    if (device.avoidsBarriers) return { kind: 'serial', unitSize: size };
    const lanes = clampPower(size / 8);
    return { kind: 'cooperative', lanes, elements: powerOfTwo(size / lanes), unitSize: size };
  }
  const [gather] = pass.gathers;
  if (!gather) return { kind: 'map' };
  if (device.avoidsBarriers) return { kind: 'serial', unitSize: serialUnit };
  const { size } = gather.grouping;
  const lanes = pass.byGroup
    ? isInterleaved(gather.grouping)
      ? 8
      : clampPower(size / elementsPerLane)
    : workgroupSize;
  return { kind: 'cooperative', lanes, elements: elementsPerLane, unitSize: lanes * elementsPerLane };
}

/** Whether neighbours in memory belong to different groups: then neighbouring lanes take different groups too. */
export const isInterleaved = ({ dimensions }: Grouping): boolean => (dimensions.at(-1)?.groupStride ?? 0) > 0;

const powerOfTwo = (atLeast: number): number => 2 ** Math.max(0, Math.ceil(Math.log2(atLeast)));
const clampPower = (atLeast: number): number => Math.min(workgroupSize, powerOfTwo(atLeast));

/** Invocations per workgroup in the serial form. */
export const serialLanes = 64;
export const lanesOf = (form: Form): number => (form.kind === 'serial' ? serialLanes : workgroupSize);

export function workgroupsOf(form: Form, units: number): number {
  if (form.kind === 'cooperative') return Math.ceil((units * form.lanes) / workgroupSize);
  return Math.ceil(units / lanesOf(form));
}
