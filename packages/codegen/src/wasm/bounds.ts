/**
 * Range classes: a parameter's value is known to the generated code only as far as a power of two, so that values of
 * about one size share a module.
 */
import type { Activation } from '@isoact/core';
import type { ParameterBounds } from './generate.ts';

/** The class of each of an activation's parameters, from its own values and their domains. */
export function rangeClasses({ parameters, declarations }: Activation): ParameterBounds {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      const bound = 2 ** Math.ceil(Math.log2(Math.abs(value) || 1));
      const { above = -Infinity, atLeast = above } = declarations[name]?.domain ?? {};
      return [name, [Math.max(-bound, atLeast), bound]];
    }),
  );
}

/** Whether values lie where the code relies on them to be; those that are not numbers, such as arrays, must not be asked. */
export function isWithin(bounds: ParameterBounds, parameters: Readonly<Record<string, number>>): boolean {
  for (const name in bounds) {
    const [low, high] = bounds[name] as readonly [number, number];
    const value = parameters[name];
    if (value !== undefined && !(value >= low && value <= high)) return false;
  }
  return true;
}
