/** The questions of a run: each activation, direction and data type, at each size. */
import { type Activation, catalogue } from '@isoact/core';
import type { AnyDefinition } from '@isoact/core/conformance';
import type { BenchCase, Direction } from './candidate.ts';
import { caseOf } from './case-data.ts';
import type { BenchDtype } from './dtypes.ts';

export type ActivationName = keyof typeof catalogue;

export const isActivationName = (name: string): name is ActivationName => Object.hasOwn(catalogue, name);

export interface Axes {
  readonly activations: readonly ActivationName[];
  /** Over what activations with statistics take them; their own extents where it is empty. */
  readonly extents: readonly string[];
  readonly directions: readonly Direction[];
  readonly dtypes: readonly BenchDtype[];
}

export const casesOf = ({ activations, extents, directions, dtypes }: Axes, elements: readonly number[]): BenchCase[] =>
  elements.flatMap((each) =>
    activations.flatMap((activationName) =>
      variantsOf(activationName, extents).flatMap(({ activation, name }) =>
        directions.flatMap((direction) => dtypes.map((dtype) => caseOf(activation, direction, each, { name, dtype }))),
      ),
    ),
  );

/** The activation over each of the extents, or as it is where its elements share nothing. */
function variantsOf(
  name: ActivationName,
  extents: readonly string[],
): { readonly activation: Activation; readonly name: string }[] {
  const definition: AnyDefinition = catalogue[name];
  const own = definition.options.extent?.default;
  if (own === undefined || extents.length === 0) return [{ activation: definition(), name }];
  return extents.map((extent) => ({
    activation: definition({ extent } as never), // an option that this definition has
    name: extent === own ? name : `${name} over ${extent}`,
  }));
}
