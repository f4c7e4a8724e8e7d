/** Which activations a run is about, and which settings of each. */
import { catalogue } from '../activations/catalogue.ts';
import type { Activation, OptionDeclaration } from '../definition.ts';
import type { Variant } from './case.ts';

/** Any definition, whatever its settings: the suite sets nothing that the definition does not name itself. */
export interface AnyDefinition {
  (settings?: never): Activation;
  readonly activationName: string;
  readonly options: Readonly<Record<string, OptionDeclaration>>;
  readonly presets: Readonly<Record<string, object>>;
}

export interface TestedActivation {
  readonly name: string;
  readonly activation: Activation;
  readonly variants: readonly Variant[];
}

/** Definitions, with every preset and option; activations, as they are set; names of the catalogue. */
export function testedActivations(
  given: readonly (AnyDefinition | Activation | string)[] = Object.values(catalogue),
): TestedActivation[] {
  return given.map((entry) => {
    if (typeof entry === 'string') return fromDefinition(definitionNamed(entry));
    return typeof entry === 'function' ? fromDefinition(entry) : { name: entry.name, activation: entry, variants: [] };
  });
}

function definitionNamed(name: string): AnyDefinition {
  const definition = Object.hasOwn(catalogue, name) ? catalogue[name as keyof typeof catalogue] : undefined;
  if (!definition)
    throw new RangeError(
      `an activation must be one of ${Object.keys(catalogue).join(', ')} (was ${JSON.stringify(name)}).`,
    );
  return definition;
}

const known = new WeakMap<AnyDefinition, TestedActivation>();

/** The same objects each time: what is derived from them, their gradients among it, is kept with them. */
function fromDefinition(definition: AnyDefinition): TestedActivation {
  const tested = known.get(definition) ?? withVariants(definition);
  known.set(definition, tested);
  return tested;
}

/** One option at a time leaves its default; presets cover the combinations that people use. */
function withVariants(definition: AnyDefinition): TestedActivation {
  const set = (settings: object): Activation => definition(settings as never); // made of the definition's own names
  const presets = Object.entries(definition.presets).map(([name, settings]) => ({
    label: name,
    activation: set(settings),
  }));
  const options = Object.entries(definition.options).flatMap(([name, { default: usual, examples }]) =>
    examples
      .filter((value) => value !== usual)
      .map((value) => ({ label: `${name}=${JSON.stringify(value)}`, activation: set({ [name]: value }) })),
  );
  return { name: definition.activationName, activation: set({}), variants: [...presets, ...options] };
}
