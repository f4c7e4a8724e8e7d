/**
 * A backend of one's own under the suite: a framework that has two activations, in float32, and no gradients.
 *
 *     node --import tsx apps/conform/examples/foreign-backend.ts
 */
import { type ActivationBackend, checkInputs, checkSpec, DisposedError, mustBe, UnsupportedError } from '@isoact/core';
import { type ExpectedFailure, reportMarkdown, runConformance } from '@isoact/core/conformance';

const functions: Readonly<Record<string, (x: number) => number>> = {
  relu: (x) => Math.max(x, 0),
  sigmoid: (x) => Math.fround(1 / Math.fround(1 + Math.fround(Math.exp(-x)))),
};

export const foreignBackend: ActivationBackend = {
  name: 'foreign',
  device: { vendor: '', architecture: 'javascript', description: 'a worked example', software: false },
  supports: {
    dtypes: ['float32'],
    nan: 'propagate',
    signedZero: 'any',
    subnormals: 'keep',
    sumDepth: (n) => n,
    gradients: false,
  },
  async compile(activation, spec) {
    checkSpec(activation, spec, 'foreign', this.supports.dtypes);
    const f = functions[activation.name];
    if (!f) throw new UnsupportedError(mustBe('an activation of this framework', 'relu or sigmoid', activation.name));
    let disposed = false;
    return {
      outputs: { y: { shape: spec.shape } },
      forward: async (inputs) => {
        if (disposed) throw new DisposedError(mustBe(activation.name, 'in use', 'disposed'));
        checkInputs(activation, spec, inputs);
        return { y: Float32Array.from(inputs.x, f) };
      },
      vjp: async () => {
        throw new UnsupportedError(mustBe('a call of this framework', 'a forward', 'a vjp'));
      },
      dispose: () => {
        disposed = true;
      },
    };
  },
  dispose: async () => {},
};

/** e^-x overflows from -88.73 down, where sigmoid is a small number and not 0: known, bounded, and no surprise. */
export const expectedFailures: readonly ExpectedFailure[] = [
  { id: 'sigmoid/tails/forward/*', when: { backend: 'foreign' }, reason: 'e^-x overflows', maxUlp: 3e6 },
  { id: 'sigmoid/overflow/forward/*', when: { backend: 'foreign' }, reason: 'e^-x overflows', maxUlp: 3e6 },
];

if (import.meta.filename === process.argv[1]) {
  const activations = ['relu', 'sigmoid', 'gelu'];
  process.stdout.write(
    reportMarkdown(await runConformance(foreignBackend, { activations, expected: expectedFailures })),
  );
}
