/**
 * Two versions of each expression: one for elements within bounds, and one for any. Elements are mostly small, and where
 * they are, so are the arguments of functions, which then need no range reduction, no clamping and no care for tails.
 */
import { type Node, type Plan, parameterAxes, topologicalOrder } from '@isoact/core';
import { input } from '@isoact/core/expression';
import { variationIn } from '@isoact/core/plan';
import { createLegaliser, type Legaliser } from './expression/legalise.ts';
import type { Facts } from './expression/range.ts';
import { weightOf } from './expression/weight.ts';

export interface Versions {
  readonly general: Legaliser['legalise'];
  readonly usual: Legaliser['legalise'];
  /** The size of elements up to which the usual version holds. */
  readonly bound: number;
  /** Both versions of a node. */
  of(node: Node): readonly Node[];
  readonly odd: Pick<ReadonlySet<Node>, 'has'>;
  readonly relied: Pick<ReadonlySet<string>, 'has'>;
}

/** Bounds on the size of elements, of which the widest is taken that makes the code as cheap as a narrower one. */
const bounds = [80, 8, 4];
/** What counts as cheaper. */
const gain = 0.95;
/** Instructions that tell elements beyond the bounds. */
const test = 4;

export function chooseVersions({ layout, passes }: Plan, facts: Facts): Versions {
  const x = input('x');
  const isUniform = (node: Node): boolean => {
    if (node.kind === 'parameter') return parameterAxes(node.name, layout).length === 0;
    return node.kind === 'constant';
  };
  const variation = variationIn(layout);
  const isCoarse = (node: Node): boolean => variation(node).size < variation(x).size;
  const roots = passes.flatMap(({ local, gathers, outputs }) => [
    ...[...(local?.levels ?? []).flat(), ...gathers].map(({ operand }) => operand),
    ...outputs.map(({ expression }) => expression),
  ]);
  const general = createLegaliser(facts, null);
  const weightUnder = ({ legalise }: Legaliser): number =>
    topologicalOrder(roots.map(legalise)).reduce((total, node) => total + (isCoarse(node) ? 0 : weightOf(node)), 0);
  const candidates = bounds.map((bound) => {
    const legaliser = createLegaliser(new Map([...facts, [x, [-bound, bound]]]), { isUniform, isCoarse });
    return { bound, legaliser, weight: weightUnder(legaliser) + test };
  });
  const whole = { bound: Infinity, legaliser: general, weight: weightUnder(general) };
  const { bound, legaliser } = [whole, ...candidates].reduce((best, each) =>
    each.weight < gain * best.weight ? each : best,
  );
  return {
    general: general.legalise,
    usual: legaliser.legalise,
    bound,
    of: (node) => [general.legalise(node), legaliser.legalise(node)],
    odd: { has: (node) => general.odd.has(node) || legaliser.odd.has(node) },
    relied: { has: (name) => general.relied.has(name) || legaliser.relied.has(name) },
  };
}
