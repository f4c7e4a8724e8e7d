import type { Activation } from '@isoact/core';

/** One for each, so that what is compiled for one layer serves the next. */
const stripped = new WeakMap<Activation['forward'], Activation['forward']>();

/** The activation without what only training asks for: its penalty costs statistics of its own. */
export function withoutPenalty(activation: Activation): Activation {
  const { penalty, ...rest } = activation.forward;
  if (!penalty) return activation;
  const forward = stripped.get(activation.forward) ?? rest;
  stripped.set(activation.forward, forward);
  return { ...activation, forward };
}
