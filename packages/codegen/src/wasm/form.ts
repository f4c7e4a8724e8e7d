/** What generated code depends on: the graphs, and the form of the layout, but no length other than 1. */
import { isInterned, type Plan, parameterAxes } from '@isoact/core';
import type { WasmOptions } from './generate.ts';

/** Fields of a plan that hold lengths. */
const lengths: ReadonlySet<string> = new Set(['grouping', 'shape']);

/** Plans with one key give one module. Nodes are interned, so their numbers stand for the graphs. */
export function formOf({ direction, layout, placement, passes, scalars }: Plan, options: WasmOptions): string {
  const graphs = JSON.stringify([passes, scalars], (field, value) =>
    lengths.has(field) ? undefined : isInterned(value) ? value.id : value,
  );
  const parameters = Object.keys(layout.parameterShapes ?? {}).map((name) => [name, parameterAxes(name, layout)]);
  const isSingle = layout.shape.map((length) => length === 1);
  return graphs + JSON.stringify([direction, isSingle, layout.channelAxis, placement.parts, parameters, options]);
}
