/** How many values an output has, and the elements that they stand at. */
import type { TensorSpec } from '../../adapter.ts';
import type { Activation } from '../../definition.ts';
import { elementCount, extentAxes, parameterShape } from '../../graph/geometry.ts';
import { elementOf } from '../../graph/grouping.ts';
import { outputShape, stateShapes } from '../../graph/roots.ts';
import type { ExpectedOutput } from './expected.ts';
import { groupsOfAxes } from './groups.ts';

/** Where an output's values are read off: one element of each group that shares a value. */
export function placesOf(
  name: string,
  kind: ExpectedOutput['kind'],
  activation: Activation,
  spec: TensorSpec,
  length: number,
  at: Uint32Array | undefined,
): Uint32Array | undefined {
  if (kind === 'field') return at;
  if (length === 0) return new Uint32Array(0);
  if (kind === 'penalty') return Uint32Array.of(0);
  const spanned = kind === 'state' ? stateAxes(name, activation, spec) : extentAxes({ broadcastOf: name }, spec);
  const { grouping, count } = groupsOfAxes(spanned, spec);
  return Uint32Array.from({ length: count }, (_, group) => elementOf(group, 0, grouping));
}

function stateAxes(name: string, activation: Activation, spec: TensorSpec): readonly number[] {
  const node = activation.forward.state?.[name];
  return node && 'extent' in node ? extentAxes(node.extent, spec) : [];
}

/** Number of values of an output, and the shape of a state. */
export function outputLength(
  output: Pick<ExpectedOutput, 'name' | 'kind'>,
  activation: Activation,
  spec: TensorSpec,
): number {
  if (output.kind === 'field') return elementCount(output.name === 'y' ? outputShape(activation, spec) : spec.shape);
  if (output.kind === 'penalty') return 1;
  const shape =
    output.kind === 'state' ? stateShapes(activation, spec)[output.name] : parameterShape(output.name, spec);
  return elementCount(shape ?? []);
}
