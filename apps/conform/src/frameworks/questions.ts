/** What each framework's functions are asked: where activations are known to go wrong. */
import { onnxBuiltins } from '../builtins/onnx-names.ts';
import { tfjsBuiltins } from '../builtins/tfjs-names.ts';

export interface Question {
  readonly activation: string;
  /** Settings at which every framework has the function. */
  readonly settings: Readonly<Record<string, number>>;
  readonly direction: 'forward' | 'vjp';
}

const float = Math.fround;

/** Inputs, with the way in which they are written. */
export const inputs: readonly { readonly label: string; readonly x: number }[] = [
  { label: 'NaN', x: Number.NaN },
  { label: '-∞', x: Number.NEGATIVE_INFINITY },
  { label: '+∞', x: Number.POSITIVE_INFINITY },
  ...[
    -3e38, -1000, -100, -89, -50, -20, -12, -8, -5, -1, -1e-3, -1e-7, -1e-20, -1e-40, 0, 1e-40, 1e-20, 1e-7, 1e-3, 1,
  ].map((x) => ({ label: String(x), x: float(x) })),
  ...[8, 20, 89, 1000, 3e38].map((x) => ({ label: String(x), x: float(x) })),
];

/** tfjs's own hardSigmoid has this slope, and ONNX's takes any. */
const common: Readonly<Record<string, Readonly<Record<string, number>>>> = { hardSigmoid: { slope: 0.2 } };

const activations = [...new Set<string>([...tfjsBuiltins, ...onnxBuiltins])];

export const questions: readonly Question[] = activations.flatMap((activation) =>
  (['forward', 'vjp'] as const).map((direction) => ({ activation, settings: common[activation] ?? {}, direction })),
);
