/** Every group of cases. */
import type { CaseGroup, GroupName } from '../case.ts';
import { gradients } from './gradients.ts';
import { integrity } from './integrity.ts';
import { lawCases } from './laws.ts';
import { layout } from './layout.ts';
import { parameters } from './parameters.ts';
import { breakpoints, cancellation, lattice, overflow, sweep, tails } from './points.ts';
import { statistics } from './statistics.ts';

export const groups: Readonly<Record<GroupName, CaseGroup>> = {
  lattice,
  breakpoints,
  overflow,
  cancellation,
  tails,
  sweep,
  layout,
  statistics,
  parameters,
  gradients,
  laws: lawCases,
  integrity,
};
