/** Where frameworks' own functions miss grade D on finite numbers, each with its reason and bound. */
import type { ExpectedFailure } from '@isoact/core/conformance';

type Tfjs = 'cpu' | 'wasm' | 'webgl' | 'webgpu';
type Provider = 'cpu' | 'wasm' | 'webgpu';

const anyError = Number.POSITIVE_INFINITY;
const everyTfjs: readonly Tfjs[] = ['cpu', 'wasm', 'webgl', 'webgpu'];

const tfjs = (
  backends: readonly Tfjs[],
  ids: readonly string[],
  reason: string,
  maxUlp: number,
  device?: string,
): ExpectedFailure[] =>
  backends.flatMap((backend) =>
    ids.map((id) => ({
      id,
      when: { backend: `builtin:tfjs-${backend}`, ...(device !== undefined && { device }) },
      reason,
      maxUlp,
    })),
  );

const onnxruntime = (
  providers: readonly Provider[],
  ids: readonly string[],
  reason: string,
  maxUlp: number,
): ExpectedFailure[] =>
  providers.flatMap((provider) =>
    ids.map((id) => ({ id, when: { backend: `builtin:onnxruntime-${provider}` }, reason, maxUlp })),
  );

/** What breaks a law, such as a declared slope or that equal elements give equal results. */
const asLaws = (entries: readonly ExpectedFailure[]): ExpectedFailure[] =>
  entries.map((entry) => ({ ...entry, laws: true }));

const slopesAtKinks = 'the slope at the end of a linear piece is that of the piece';
const overflows = 'a factor overflows before another one could bring the product back';
const signTests = 'the driver takes subnormals for 0 when it tests the sign';

const ofTfjs: readonly ExpectedFailure[] = [
  ...tfjs(everyTfjs, ['relu6/breakpoints/vjp/6'], slopesAtKinks, anyError),
  ...asLaws(tfjs(everyTfjs, ['relu6/gradients/vjp/kinks', 'hardSigmoid/gradients/vjp/kinks'], slopesAtKinks, anyError)),
  ...tfjs(
    everyTfjs,
    [
      'swish/lattice/vjp/largest',
      ...['softsign', 'gelu', 'mish'].map((activation) => `${activation}/sweep/vjp/bits`),
      'geluTanh/*/vjp/*',
    ],
    overflows,
    anyError,
  ),
  ...tfjs(['cpu', 'wasm', 'webgpu'], ['softsign/lattice/vjp/largest'], overflows, anyError),
  ...tfjs(['webgl'], ['elu/lattice/vjp/largest', 'elu/sweep/vjp/bits'], overflows, anyError),
  ...tfjs(everyTfjs, ['geluTanh/sweep/forward/bits', 'geluTanh/tails/forward/far'], 'x³ overflows', anyError),
  ...tfjs(['wasm'], ['prelu/statistics/vjp/*'], 'the gradient of the slope is a running float32 sum', 2 ** 16),
  ...tfjs(
    ['webgl'],
    ['hardSigmoid/sweep/forward/bits', 'hardSigmoid/overflow/forward/exponentials'],
    'a NaN leaves the three elements beside it unclipped',
    anyError,
  ),
  ...['relu', 'relu6', 'leakyRelu', 'prelu', 'selu'].flatMap((activation) =>
    tfjs(
      ['webgl', 'webgpu'],
      [`${activation}/lattice/vjp/subnormals`, `${activation}/breakpoints/vjp/0`],
      signTests,
      2 ** 26,
      'swiftshader',
    ),
  ),
  ...tfjs(
    ['webgl', 'webgpu'],
    ['relu', 'relu6', 'leakyRelu', 'prelu', 'selu'].map((activation) => `${activation}/sweep/vjp/bits`),
    signTests,
    2 ** 26,
    'swiftshader',
  ),
];

const cancels = 'e^x - 1 cancels near 0, and a large factor multiplies what is lost';
/** Where nothing is left of a number, it is off by all of its digits. */
const allDigits = 2 ** 24;

const ofOnnxruntime: readonly ExpectedFailure[] = [
  ...onnxruntime(['cpu', 'wasm', 'webgpu'], ['elu/parameters/forward/alpha extreme'], cancels, allDigits),
  ...onnxruntime(['cpu'], ['selu/parameters/forward/alpha extreme'], cancels, allDigits),
  ...onnxruntime(['cpu', 'wasm'], ['selu/parameters/forward/lambda extreme'], cancels, allDigits),
  ...onnxruntime(['cpu', 'wasm'], ['celu/parameters/forward/alpha extreme'], cancels, allDigits),
  // the values are right, each in its way
  ...asLaws(
    onnxruntime(
      ['cpu'],
      ['mish/layout/forward/*'],
      'the elements of a vector and those beside it are computed in different ways',
      0,
    ),
  ),
];

const entries: readonly ExpectedFailure[] = [...ofTfjs, ...ofOnnxruntime];

export const expectedOfBuiltins = (backend: string): readonly ExpectedFailure[] =>
  entries.filter(({ when }) => when?.backend === backend);
