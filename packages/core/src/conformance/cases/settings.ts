/** An activation in other settings than its defaults, and which of them a quick run asks for. */
import type { Activation } from '../../definition.ts';
import { topologicalOrder } from '../../expression/node.ts';
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
    const kind = gatheredBy(variant.activation);
    kinds.set(kind, [...(kinds.get(kind) ?? []), variant]);
  }
  // the directions follow each other, so that each kind has one of them
  const first = turnOf(context, 'kinds');
  const chosen = [...kinds].flatMap(([kind, alike], place) =>
    kinds.size === 1 || (first + place) % 2 === 0 ? byTurns(context, `settings that gather ${kind}`, alike, 1) : [],
  );
  return isFirstType(context) ? chosen : chosen.slice(0, 1);
}

/** What an activation reads beside its own element. */
const gatheredBy = ({ forward }: Activation): string =>
  topologicalOrder(forwardRoots(forward))
    .flatMap((node) => {
      if (node.kind === 'statistic' || (node.kind === 'input' && node.name !== 'x')) return [node.name];
      return node.kind === 'count' || node.kind === 'state' ? [node.kind] : [];
    })
    .sort()
    .join();
