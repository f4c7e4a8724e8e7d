/** Activations on the command line: a name, a preset, settings, and definitions from a module of the user's. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Activation, type ActivationDefinition, catalogue, mustBe, ParameterError } from '@isoact/core';

type AnyDefinition = ActivationDefinition<never, never> | ((settings?: object) => Activation);

/** @param spec `velu`, or `velu:guarded` with a preset's name */
export async function activationFrom(
  spec: string,
  settings: readonly string[],
  modulePath: string | undefined,
): Promise<Activation> {
  const [name, preset] = spec.split(':') as [string, string | undefined];
  const definitions = { ...catalogue, ...(modulePath ? await definitionsIn(modulePath) : {}) };
  const definition = Object.hasOwn(definitions, name) ? definitions[name as keyof typeof definitions] : undefined;
  if (!definition) {
    throw new ParameterError(mustBe('the activation', `one of ${Object.keys(definitions).join(', ')}`, name));
  }
  const define = definition as (settings?: object) => Activation; // each has settings of its own, which it checks
  return define({ ...presetOf(definition, name, preset), ...Object.fromEntries(settings.map(parseSetting)) });
}

function presetOf(definition: AnyDefinition, name: string, preset: string | undefined): object {
  if (preset === undefined) return {};
  const presets: Readonly<Record<string, object>> = 'presets' in definition ? definition.presets : {};
  const found = Object.hasOwn(presets, preset) ? presets[preset] : undefined;
  if (found) return found;
  const known = Object.keys(presets).join(', ') || 'none (it has no presets)';
  throw new ParameterError(mustBe(`the preset of ${name}`, `one of ${known}`, preset));
}

/** The functions that a module exports, by their names there. */
async function definitionsIn(path: string): Promise<Record<string, AnyDefinition>> {
  const exported: Readonly<Record<string, unknown>> = await import(pathToFileURL(resolve(path)).href);
  const definitions = Object.entries(exported).filter(
    (entry): entry is [string, AnyDefinition] => typeof entry[1] === 'function',
  );
  if (definitions.length === 0) {
    throw new ParameterError(mustBe(path, 'a module that exports definitions of activations', 'without any'));
  }
  return Object.fromEntries(definitions);
}

/** `alpha=0.5`, `extent=tensor`, `adaptClip=[0.5,2]`: JSON where it is JSON, else a text. */
function parseSetting(text: string): [string, unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw new ParameterError(mustBe('a setting', 'of the form name=value', text));
  return [text.slice(0, at), parseValue(text.slice(at + 1))];
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
