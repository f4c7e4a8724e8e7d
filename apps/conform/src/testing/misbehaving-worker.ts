/** Entry of a child process whose backends take it down, each in a way of its own. */
import { type ActivationBackend, createReferenceBackend } from '@isoact/core';
import { serve } from '../sessions/serve.ts';

/** The reference, which does something to its process whenever it is to compute one activation, or any. */
function misbehaving(act: () => void, victim: string | null): ActivationBackend {
  const inner = createReferenceBackend();
  return {
    ...inner,
    name: 'misbehaving',
    compile: async (activation, spec) => {
      const compiled = await inner.compile(activation, spec);
      if (victim !== null && activation.name !== victim) return compiled;
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
  behaves: () => {},
  aborts: () => process.abort(),
  'always aborts': () => process.abort(),
  exits: () => process.exit(3),
  loops: () => {
    for (;;);
  },
};

serve(async (name) => {
  const act = actions[name];
  if (!act) throw new Error(`no such device as ${name}`);
  return { backend: misbehaving(act, name.startsWith('always') ? null : 'tanh'), expected: [] };
});
