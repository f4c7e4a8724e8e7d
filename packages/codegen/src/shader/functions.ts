/** The functions of a shader: helpers and library functions, each once, each before its first use. */
import type { Expression, FunctionName } from '@isoact/core';
import { erfcOfRoundedSquare, float32Library } from '@isoact/core/numerics';
import { atom, type Dialect, type HelperName } from './dialect.ts';
import { createScope, emit, rates } from './emitter.ts';
import { createNames } from './names.ts';

/** Bodies of functions as expressions of `argument()`. */
export type Library = Readonly<Partial<Record<FunctionName, Expression>>>;

/** That of all targets, but for a function whose last ulp costs more than a shader has time for. */
export const shaderLibrary: Library = { ...float32Library, erfc: erfcOfRoundedSquare() };

export interface FunctionSet {
  readonly useHelper: (name: HelperName) => string;
  readonly useFunction: (name: FunctionName) => string;
  /** The text of all that was used. */
  readonly text: () => string[];
}

export function createFunctionSet(dialect: Dialect, library: Library): FunctionSet {
  const helpers = new Set<HelperName>();
  const functions = new Map<FunctionName, string>();

  const useHelper = (name: HelperName): string => {
    for (const used of dialect.helpers[name].uses) useHelper(used);
    helpers.add(name);
    return name;
  };

  const useFunction = (name: FunctionName): string => {
    const called = `${name}_f32`;
    if (functions.has(name)) return called;
    const body = library[name];
    if (!body) throw new TypeError(`the float32 library must hold ${name}`);
    const scope = createScope(rates.kernel);
    const [result] = emit([body], scope, {
      dialect,
      names: createNames(),
      leaf: (node) => (node.kind === 'argument' ? { rate: rates.kernel, term: atom('t') } : null),
      useHelper,
      useFunction,
      plainMinimum: true,
    });
    functions.set(name, dialect.define(called, 't', scope.lines, result?.text ?? '0.0'));
    return called;
  };

  return {
    useHelper,
    useFunction,
    text: () => [...[...helpers].map((name) => dialect.helpers[name].text), ...functions.values()],
  };
}
