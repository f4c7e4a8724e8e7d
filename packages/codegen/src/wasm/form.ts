/** What generated code depends on: the graphs, and the form of the layout, but no length other than 1. */
import { type Gather, type Plan, parameterAxes, type ScalarOutput } from '@isoact/core';
import type { WasmOptions } from './generate.ts';

/** Plans with one key give one module. Nodes are interned, so their numbers stand for the graphs. */
export function formOf({ direction, layout, placement, passes, scalars }: Plan, options: WasmOptions): string {
  const gathered = ({ kind, operand, spanned, statistics }: Gather) => [
    kind,
    operand.id,
    spanned,
    statistics.map(({ id }) => id),
  ];
  const scalar = ({ name, expression, spanned }: ScalarOutput) => [name, expression.id, spanned];
  return JSON.stringify([
    direction,
    layout.shape.map((length) => length === 1),
    layout.channelAxis,
    placement.parts,
    Object.keys(layout.parameterShapes ?? {}).map((name) => [name, parameterAxes(name, layout)]),
    passes.map((pass) => [
      pass.local?.levels.map((level) => level.map(gathered)),
      pass.gathers.map(gathered),
      pass.outputs.map(({ name, part, expression }) => [name, part, expression.id]),
      pass.scalars.map(scalar),
    ]),
    scalars.map(scalar),
    options,
  ]);
}
