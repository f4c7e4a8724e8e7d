/** A backend of one's own: a framework in plain JavaScript that has two activations, in float32, and no gradients. */
import { checkSpec, DisposedError, inputChecker, mustBe, UnsupportedError } from '@isoact/core';

const f = Math.fround;
const functions = {
  relu: (x) => Math.max(x, 0),
  sigmoid: (x) => f(1 / f(1 + f(Math.exp(-x)))),
};

/** What it claims; the suite asks for proof of each. */
const supports = {
  dtypes: ['float32'],
  nan: 'propagate',
  signedZero: 'any',
  subnormals: 'keep',
  sumDepth: (n) => n,
  gradients: false,
};

export const createForeignBackend = () => ({
  name: 'foreign',
  device: { vendor: '', architecture: 'javascript', description: 'a worked example', software: false },
  supports,
  async compile(activation, spec) {
    checkSpec(activation, spec, 'foreign', supports.dtypes);
    const compute = functions[activation.name];
    if (!compute) throw new UnsupportedError(mustBe('an activation', 'relu or sigmoid', activation.name));
    const checkInputs = inputChecker(activation, spec);
    let disposed = false;
    return {
      outputs: { y: { shape: spec.shape } },
      async forward(inputs) {
        if (disposed) throw new DisposedError(mustBe(activation.name, 'in use', 'disposed'));
        checkInputs(inputs);
        return { y: Float32Array.from(inputs.x, compute) };
      },
      async vjp() {
        throw new UnsupportedError(mustBe('a call of this framework', 'a forward', 'a vjp'));
      },
      dispose() {
        disposed = true;
      },
    };
  },
  async dispose() {},
});

/** e^-x overflows from -88.73 down, where sigmoid is a small number and not 0: known, bounded, and no surprise. */
export const expectedFailures = ['tails', 'overflow'].map((group) => ({
  id: `sigmoid/${group}/forward/*`,
  when: { backend: 'foreign' },
  reason: 'e^-x overflows',
  maxUlp: 3e6,
}));
