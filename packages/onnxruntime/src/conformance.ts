/** For the suite: where ONNX Runtime departs from what is owed, each with the operator that does, its reason and bound. */
import type { ExpectedFailure } from '@isoact/core/conformance';

const webgpu = { backend: 'onnxruntime-webgpu' } as const;
const cpu = { backend: 'onnxruntime-cpu' } as const;
const wasm = { backend: 'onnxruntime-wasm' } as const;

/** Devices whose comparisons are known to take subnormals for 0. */
const flushing = ['swiftshader', 'nvidia'].map((device) => ({ ...webgpu, device }));

const flushed = (id: string, maxUlp: number): readonly ExpectedFailure[] =>
  flushing.map((when) => ({
    id,
    when,
    reason: 'Less and LessOrEqual take subnormals for 0, and no operator of this provider looks at bits',
    maxUlp,
  }));

const signTests: readonly ExpectedFailure[] = [
  ...['relu', 'relu6', 'leakyRelu', 'prelu', 'rrelu', 'crelu', 'selu', 'convRelu'].flatMap((activation) => [
    ...flushed(`${activation}/lattice/vjp/subnormals`, 2 ** 25),
    ...flushed(`${activation}/breakpoints/vjp/0`, 2 ** 25),
    ...flushed(`${activation}/sweep/vjp/bits`, 2 ** 26),
  ]),
];

/** Grade B, by the accurate form. */
export const expectedFailures: readonly ExpectedFailure[] = [
  ...signTests,
  // a wrong count chooses the other branch
  ...['lattice/*/subnormals', 'breakpoints/*/0', 'statistics/*subnormal*'].flatMap((name) =>
    flushed(`adaRelu/${name}`, Number.POSITIVE_INFINITY),
  ),
];

/** Values at ±∞ that an operator gives as NaN, where there is a limit. */
const limitsOf = (activation: string, operator: string, when?: ExpectedFailure['when']): readonly ExpectedFailure[] =>
  ['lattice/forward/infinities', 'gradients/forward/limits'].map((name) => ({
    id: `${activation}/${name}`,
    ...(when && { when }),
    reason: `${operator} multiplies an infinity with 0, or divides it by another`,
    maxUlp: Number.POSITIVE_INFINITY,
    laws: true,
  }));

/** Grade D, by the native form. */
export const nativeFailures: readonly ExpectedFailure[] = [
  ...signTests,
  ...limitsOf('hardSwish', 'HardSwish'),
  ...limitsOf('gelu', 'Gelu'),
  ...limitsOf('geluTanh', 'Gelu'),
  ...limitsOf('mish', 'Mish'),
  // elsewhere there is no such operator
  ...limitsOf('softsign', 'Softsign', cpu),
  ...limitsOf('softsign', 'Softsign', wasm),
  // which lengths show it depends on the data
  ...['softplus', 'mish'].map((name) => ({
    id: `${name}/layout/forward/*`,
    when: cpu,
    reason: 'Exp and Log compute the elements of a vector and those beside it in different ways',
    maxUlp: 0,
    laws: true,
  })),
  {
    id: 'swish/parameters/vjp/beta extreme',
    when: cpu,
    reason: 'Sigmoid is wrong by 3e-8 in its tail (0 from -18 down), which a large beta multiplies',
    maxUlp: 2 ** 24,
  },
  {
    id: 'velu/statistics/vjp/16384 equal terms*',
    when: wasm,
    reason: 'ReduceSum adds the 1024 terms of a block one after another',
    maxUlp: 256,
  },
  ...['elu/parameters/forward/alpha extreme', 'selu/parameters/forward/*extreme'].map((id) => ({
    id,
    when: { ...webgpu, device: 'swiftshader' },
    reason: 'Exp and Log are wrong by some units in the last place, which expm1 makes more of near 0',
    maxUlp: 128,
  })),
];
