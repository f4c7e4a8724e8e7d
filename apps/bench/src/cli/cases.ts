/** The questions of a run: each activation and direction at one size, then at others for the plot over size. */
import { type Activation, catalogue } from '@isoact/core';
import type { Effort } from '../core/budget.ts';
import type { BenchCase } from '../core/candidate.ts';
import { caseOf } from '../core/case-data.ts';
import type { ActivationName, Options } from './options.ts';

export interface Sizes {
  /** Elements of the cases that are always measured. */
  readonly main: readonly number[];
  /** Elements of the cases that are measured while there is time. */
  readonly sweep: readonly number[];
}

/** A software GPU and the tfjs cpu backend must end in time; a real GPU is only busy beyond its cache. */
export function sizesFor(effort: Effort, hardwareGpu: boolean): Sizes {
  if (effort.name === 'quick') return { main: [hardwareGpu ? 2 ** 17 : 2 ** 12], sweep: [] };
  return hardwareGpu
    ? { main: [2 ** 22], sweep: [2 ** 12, 2 ** 16, 2 ** 19, 2 ** 25] }
    : { main: [2 ** 17], sweep: [2 ** 12, 2 ** 15, 2 ** 19] };
}

export const casesOf = (
  { activations, extents }: Pick<Options, 'activations' | 'extents'>,
  elements: readonly number[],
): BenchCase[] =>
  elements.flatMap((each) =>
    activations.flatMap((name) =>
      variantsOf(name, extents).flatMap(({ activation, title }) =>
        (['forward', 'vjp'] as const).map((direction) => caseOf(activation, direction, each, title)),
      ),
    ),
  );

/** What a case needs of a definition whose settings differ from the next one's. */
interface AnyDefinition {
  (settings?: { readonly extent: string }): Activation;
  readonly options: { readonly extent?: { readonly default: unknown } };
}

/** The activation over each of the extents, or as it is where its elements share nothing. */
function variantsOf(name: ActivationName, extents: readonly string[]): { activation: Activation; title: string }[] {
  const definition = catalogue[name] as unknown as AnyDefinition;
  const own = definition.options.extent?.default;
  if (own === undefined || extents.length === 0) return [{ activation: definition(), title: name }];
  return extents.map((extent) => ({
    activation: definition({ extent }),
    title: extent === own ? name : `${name} over ${extent}`,
  }));
}
