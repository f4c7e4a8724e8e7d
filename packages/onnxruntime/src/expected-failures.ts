/** Where ONNX Runtime departs from what is owed, each with the operator that does, its reason and bound. */
import type { ExpectedFailure } from '@isoact/core/conformance';

const webgpu = { backend: 'onnxruntime-webgpu' } as const;
const cpu = { backend: 'onnxruntime-cpu' } as const;

const subnormals = {
  when: { ...webgpu, device: 'swiftshader' },
  reason: 'Less and LessOrEqual take subnormals for 0, and no operator of this provider looks at bits',
} as const;

/** Grade B, by the accurate form. */
export const accurateFailures: readonly ExpectedFailure[] = [
  ...['relu', 'prelu'].flatMap((activation) =>
    ['lattice/vjp/subnormals', 'breakpoints/vjp/0', 'sweep/vjp/bits'].map((name) => ({
      id: `${activation}/${name}`,
      ...subnormals,
      maxUlp: 2 ** 25,
    })),
  ),
  // a wrong count chooses the other branch
  ...['lattice/*/subnormals', 'breakpoints/*/0', 'sweep/forward/bits', 'statistics/*subnormal*'].map((name) => ({
    id: `adaRelu/${name}`,
    ...subnormals,
    maxUlp: Number.POSITIVE_INFINITY,
  })),
];

/** Grade D, by the native form. */
export const nativeFailures: readonly ExpectedFailure[] = [
  ...['softplus', 'mish'].map((activation) => ({
    id: `${activation}/layout/forward/length=5`,
    when: cpu,
    reason: 'Exp and Log compute the elements of a vector and those beside it in different ways',
    maxUlp: Number.POSITIVE_INFINITY,
  })),
  {
    id: 'swish/parameters/vjp/beta extreme',
    when: cpu,
    reason: 'Sigmoid is wrong by 3e-8 in its tail (0 from -18 down), which a large beta multiplies',
    maxUlp: 2 ** 24,
  },
];
