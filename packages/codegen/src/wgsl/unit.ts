/** The unit of an invocation: which elements it sums, and the text that finds them. */
import type { Grouping, Pass } from '@isoact/core';
import type { KernelBuilder } from './builder.ts';
import { isInterleaved, lanesOf, type Summing, workgroupsOf } from './form.ts';
import { elementOffset, groupStart } from './indexing.ts';
import { groupingIn, type Range } from './range.ts';

export interface Unit {
  /** Statements that name `unit`, `count`, and `group`, `member` where there are any. */
  readonly lines: readonly string[];
  /** Text of the index in the range of the unit's k-th element. */
  readonly index: string;
  /** The grouping of the tensor of which a unit is a group or lies in one. */
  readonly grouping: Grouping | null;
  /** Distance in lanes between members of a unit. */
  readonly stride: number;
}

/** Text of a workgroup's number; workgroups lie in two dimensions where there are many. */
export const workgroupNumber = 'workgroup.x + workgroup.y * workgroups.x';

/** How many units a pass has in a range. */
export interface UnitCounts {
  /** The groups in the range. */
  readonly grouping: Grouping;
  readonly firstGroup: number;
  /** Units per group. */
  readonly chunks: number;
  readonly units: number;
  readonly workgroups: number;
}

export function countUnits(pass: Pass, form: Summing, range: Range): UnitCounts {
  const whole = pass.local?.grouping ?? pass.gathers[0]?.grouping;
  if (!whole) throw new TypeError('a pass that sums must have a group');
  const { grouping, firstGroup } = groupingIn(whole, range);
  const chunks = pass.local ? 1 : Math.ceil(grouping.size / form.unitSize);
  const units = grouping.groups * chunks;
  return { grouping, firstGroup, chunks, units, workgroups: workgroupsOf(form, units) };
}

export function describeUnit(pass: Pass, form: Summing, range: Range, builder: KernelBuilder): Unit {
  const { grouping, firstGroup, units } = countUnits(pass, form, range);
  const unitCount = builder.size('units', units);
  const interleaved = pass.byGroup && isInterleaved(grouping);
  const lines = placeLines(form, interleaved, unitCount);
  const counted = (elements: string): string =>
    `let count = ${form.kind === 'serial' ? elements : `select(0u, ${elements}, unit < ${unitCount})`};`;
  const groupLine = (own: string): string =>
    `let group = ${range.isWhole ? own : `${own} + ${builder.size('first_group', firstGroup)}`};`;
  const stride = interleaved && form.kind === 'cooperative' ? lanesOf(form) / form.lanes : 1;
  if (pass.local) {
    const elements = builder.size('group_elements', grouping.size);
    lines.push(groupLine('unit'), `let first = unit * ${elements};`, counted(elements));
    return { lines, index: 'first + k', grouping: pass.local.grouping, stride };
  }
  const chunk = (elements: string): string => counted(`min(${form.unitSize}u, ${elements} - first)`);
  if (!pass.byGroup) {
    lines.push(`let first = unit * ${form.unitSize}u;`, chunk(builder.size('elements', grouping.size)));
    return { lines, index: 'first + k', grouping: null, stride };
  }
  const groups = builder.size('groups', grouping.groups);
  lines.push(
    `let own_group = unit % ${groups};`,
    groupLine('own_group'),
    `let chunk = unit / ${groups};`,
    `let first = chunk * ${form.unitSize}u;`,
    `let origin = ${groupStart('own_group', grouping, 'groups', builder)};`,
    chunk(builder.size('group_elements', grouping.size)),
  );
  const index = `origin + ${elementOffset('(first + k)', grouping, 'groups', builder)}`;
  return { lines, index, grouping: pass.gathers[0]?.grouping ?? null, stride };
}

/** Statements that give each invocation its unit; `interleaved` lanes of a workgroup take neighbouring units. */
function placeLines(form: Summing, interleaved: boolean, units: string): string[] {
  const lanes = lanesOf(form);
  if (form.kind === 'serial') {
    return [`let unit = (${workgroupNumber}) * ${lanes}u + lane;`, `if (unit >= ${units}) { return; }`];
  }
  const perWorkgroup = lanes / form.lanes;
  if (perWorkgroup === 1) return [`let unit = ${workgroupNumber};`, 'let member = lane;'];
  if (form.lanes === 1) return [`let unit = (${workgroupNumber}) * ${lanes}u + lane;`, 'let member = 0u;'];
  const [quotient, remainder] = interleaved
    ? [`lane % ${perWorkgroup}u`, `lane / ${perWorkgroup}u`]
    : [`lane / ${form.lanes}u`, `lane % ${form.lanes}u`];
  return [`let unit = (${workgroupNumber}) * ${perWorkgroup}u + ${quotient};`, `let member = ${remainder};`];
}
