/** What a model holds, as far as activations are concerned. */
import { findActivations, indexModel } from './find.ts';
import { readModel } from './read-model.ts';
import { describeFound, type FoundActivation } from './rules.ts';

export interface Inspection {
  readonly irVersion: number;
  /** Version of each imported domain; the default domain is ''. */
  readonly opsets: Readonly<Record<string, number>>;
  /** Nodes of each graph and function. */
  readonly graphs: readonly { readonly graph: string; readonly nodes: number }[];
  readonly activations: readonly FoundActivation[];
  readonly externalFiles: readonly string[];
}

/** @throws ModelError where the bytes are no model. */
export function inspectModel(file: Uint8Array): Inspection {
  const model = readModel(file);
  return {
    irVersion: model.irVersion,
    opsets: Object.fromEntries(model.opsets),
    graphs: model.scopes.map(({ label, nodes }) => ({ graph: label, nodes: nodes.length })),
    activations: findActivations(indexModel(model).values()).map(describeFound),
    externalFiles: model.externalFiles,
  };
}
