/** Entry of a child process whose backends take it down, each in a way of its own. */
import { type ActivationBackend, createReferenceBackend } from '@isoact/core';
import { serve } from '../sessions/serve.ts';

/** The reference, which does something to its process whenever it is to compute tanh. */
function misbehaving(act: () => void): ActivationBackend {
  const inner = createReferenceBackend();
  return {
    ...inner,
    name: 'misbehaving',
    compile: async (activation, spec) => {
      const compiled = await inner.compile(activation, spec);
      if (activation.name !== 'tanh') return compiled;
      return {
        ...compiled,
        forward: async (inputs) => {
          act();
          return compiled.forward(inputs);
        },
      };
    },
  };
}

const actions: Readonly<Record<string, () => void>> = {
  aborts: () => process.abort(),
  exits: () => process.exit(3),
  loops: () => {
    for (;;);
  },
};

serve(async (name) => {
  const act = actions[name];
  if (!act) throw new Error(`no such device as ${name}`);
  return { backend: misbehaving(act), expected: [] };
});
