/** A pass over memory as kernels: a map, or sums with what is written beside them. */
import type { Summing, Tiled } from './form.ts';
import { emitMap } from './map.ts';
import { emitPartsMap } from './parts-map.ts';
import type { EmittedPass, Partial, PassRequest } from './pass-request.ts';
import { emitSumming, isPerWorkgroup } from './summing.ts';
import { countTiles, emitTiled } from './tiled.ts';
import { countUnits } from './unit.ts';

export function emitPass(request: PassRequest): EmittedPass {
  const { form, ranges } = request;
  if (form.kind === 'map' && request.plan.placement.parts > 1)
    return { kernels: ranges.flatMap((range) => emitPartsMap(request, range)), partials: [] };
  if (form.kind === 'map')
    return {
      kernels: ranges.flatMap((range, r) => emitMap(r === 0 ? request : { ...request, scalars: [] }, range)),
      partials: [],
    };
  const { starts, partials } = layOutPartials(request, form);
  if (form.kind === 'tiled') {
    return { kernels: ranges.map((range, r) => emitTiled(request, form, range, partials, starts[r] ?? 0)), partials };
  }
  return { kernels: ranges.map((range, r) => emitSumming(request, form, range, partials, starts[r] ?? 0)), partials };
}

/** Room for the partials of all ranges: those of a group lie together. */
function layOutPartials(
  { pass, ranges, allocate }: PassRequest,
  form: Summing | Tiled,
): { starts: number[]; partials: Partial[] } {
  const starts: number[] = [];
  let total = 0;
  for (const range of ranges) {
    if (form.kind === 'tiled') {
      starts.push(total);
      total += countTiles(pass, form, range).workgroups;
      continue;
    }
    const { chunks, units, workgroups, grouping } = countUnits(pass, form, range);
    const own = pass.byGroup ? chunks : isPerWorkgroup(pass, form) ? workgroups : units;
    // ranges that have groups of their own all have as many partials for each
    const sharesGroups = !pass.byGroup || grouping.groups === pass.gathers[0]?.grouping.groups;
    starts.push(sharesGroups ? total : 0);
    total = sharesGroups ? total + own : own;
  }
  const partials = pass.gathers.map((gather) => ({
    gather,
    at: allocate(gather, gather.grouping.groups * total),
    partials: total,
  }));
  return { starts, partials };
}
