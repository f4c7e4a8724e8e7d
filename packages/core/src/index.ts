/** Activation functions as data: one definition, its gradient, plans and reference derived from it. */
export const packageName = '@isoact/core';
