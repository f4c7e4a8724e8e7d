/** What a stranger may set out to do: a README's install line, and its first sample after it. */
import { type Activation, createReferenceBackend, velu } from '@isoact/core';

export interface StrangersPath {
  readonly name: string;
  /** The folder of the package whose README is followed. */
  readonly package: string;
  /** Which of the README's install lines, from 0. */
  readonly installLine: number;
  /** Which sample after it, from 0. */
  readonly sample: number;
  readonly places: readonly ('Node' | 'browser')[];
  /** What the sample must print, whichever place it runs in: numbers, one after another, or words. */
  readonly prints: () => Promise<readonly number[] | RegExp>;
  /** Files of packages that a page fetches, and the README says so: folders below node_modules. */
  readonly serves?: readonly string[];
  /** Why the declarations of others are not checked. */
  readonly skipLibCheck?: string;
  /** Why a page cannot come from this bundler. */
  readonly unbundled?: Partial<Record<'Vite' | 'esbuild', string>>;
}

const ramp = [-2, -1, 0, 1, 2, 3, 4, 5];

async function values(
  activation: Activation,
  x: readonly number[],
  shape: readonly number[],
): Promise<readonly number[]> {
  const compiled = await createReferenceBackend().compile(activation, { shape, dtype: 'float64' });
  const { y } = await compiled.forward({ x: Float64Array.from(x) });
  return [...y];
}

const everywhere = ['Node', 'browser'] as const;
const rowsOfRamp = () => values(velu(), ramp, [2, 4]);

export const paths: readonly StrangersPath[] = [
  {
    name: 'core',
    package: 'core',
    installLine: 0,
    sample: 0,
    places: everywhere,
    prints: () => values(velu(), ramp.slice(0, 5), [1, 5]),
  },
  {
    name: 'core/conformance',
    package: 'core',
    installLine: 0,
    sample: 2,
    places: everywhere,
    prints: async () => /^true exact$/m,
  },
  { name: 'wasm', package: 'wasm', installLine: 0, sample: 0, places: everywhere, prints: rowsOfRamp },
  {
    name: 'webgpu in a browser',
    package: 'webgpu',
    installLine: 0,
    sample: 0,
    places: ['browser'],
    prints: rowsOfRamp,
  },
  { name: 'webgpu in Node', package: 'webgpu', installLine: 1, sample: 0, places: ['Node'], prints: rowsOfRamp },
  {
    name: 'tfjs',
    package: 'tfjs',
    installLine: 0,
    sample: 0,
    places: everywhere,
    prints: () => values(velu({ alpha: 0.5 }), ramp.slice(0, 5), [1, 5]),
    serves: ['@tensorflow/tfjs-backend-wasm/dist'],
    skipLibCheck: 'tfjs pins an old @webgpu/types',
  },
  {
    name: 'onnxruntime in Node',
    package: 'onnxruntime',
    installLine: 0,
    sample: 0,
    places: ['Node'],
    prints: rowsOfRamp,
  },
  {
    name: 'onnxruntime in a browser',
    package: 'onnxruntime',
    installLine: 1,
    sample: 0,
    places: ['browser'],
    prints: rowsOfRamp,
    serves: ['onnxruntime-web/dist'],
  },
];
