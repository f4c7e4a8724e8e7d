/** An activation in other settings than its defaults, and which of them are alike to whoever computes them. */
import type { Activation } from '../../definition.ts';
import { type Extent, topologicalOrder } from '../../expression/node.ts';
import { forwardRoots } from '../../graph/graph.ts';
import type { CaseContext, Variant } from '../case.ts';
import { byTurns, isFirstType, turnOf } from './turns.ts';

/**
 * All settings in a full run. In a quick one, each kind of setting in one of the directions: one setting, by turns, of
 * those that gather the same statistics and read the same states and noise.
 */
export function settingsFor(context: CaseContext): Variant[] {
  const { variants, quick } = context;
  if (!quick) return [...variants];
  const kinds = new Map<string, Variant[]>();
  for (const variant of variants) {
    const kind = namesOf(gatheredBy(variant.activation));
    kinds.set(kind, [...(kinds.get(kind) ?? []), variant]);
  }
  // the directions follow each other, so that each kind has one of them
  const first = turnOf(context, 'kinds');
  const chosen = [...kinds].flatMap(([kind, alike], place) =>
    kinds.size === 1 || (first + place) % 2 === 0 ? byTurns(context, `settings that gather ${kind}`, alike, 1) : [],
  );
  return isFirstType(context) ? chosen : chosen.slice(0, 1);
}

/** The place of a setting among those that gather the same over the same elements, and how many these are. */
export function placeAmongAlike({ variants }: CaseContext, variant: Variant): { place: number; count: number } {
  const kindOf = (each: Variant): string => JSON.stringify(gatheredBy(each.activation));
  const alike = variants.filter((each) => kindOf(each) === kindOf(variant));
  return { place: alike.indexOf(variant), count: alike.length };
}

interface Gathered {
  readonly name: string;
  readonly extent: Extent | null;
}

const namesOf = (gathered: readonly Gathered[]): string =>
  gathered
    .map(({ name }) => name)
    .sort()
    .join();

/** What an activation reads beside its own element. */
const gatheredBy = ({ forward }: Activation): Gathered[] =>
  topologicalOrder(forwardRoots(forward)).flatMap((node): Gathered[] => {
    if (node.kind === 'input') return node.name === 'x' ? [] : [{ name: node.name, extent: null }];
    if (node.kind === 'statistic') return [{ name: node.name, extent: node.extent }];
    return node.kind === 'count' || node.kind === 'state' ? [{ name: node.kind, extent: node.extent }] : [];
  });
