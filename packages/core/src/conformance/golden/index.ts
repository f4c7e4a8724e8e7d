/** Golden values: computed at 50 digits by `tooling/golden`, which shares no code with this package. */
import adaRelu from './adaRelu.json' with { type: 'json' };
import celu from './celu.json' with { type: 'json' };
import convRelu from './convRelu.json' with { type: 'json' };
import crelu from './crelu.json' with { type: 'json' };
import dyRelu from './dyRelu.json' with { type: 'json' };
import elu from './elu.json' with { type: 'json' };
import gelu from './gelu.json' with { type: 'json' };
import geluTanh from './geluTanh.json' with { type: 'json' };
import hardSigmoid from './hardSigmoid.json' with { type: 'json' };
import hardSwish from './hardSwish.json' with { type: 'json' };
import leakyRelu from './leakyRelu.json' with { type: 'json' };
import mish from './mish.json' with { type: 'json' };
import prelu from './prelu.json' with { type: 'json' };
import relu from './relu.json' with { type: 'json' };
import relu6 from './relu6.json' with { type: 'json' };
import rrelu from './rrelu.json' with { type: 'json' };
import rules from './rules.json' with { type: 'json' };
import selu from './selu.json' with { type: 'json' };
import sigmoid from './sigmoid.json' with { type: 'json' };
import softplus from './softplus.json' with { type: 'json' };
import softsign from './softsign.json' with { type: 'json' };
import swish from './swish.json' with { type: 'json' };
import tanh from './tanh.json' with { type: 'json' };
import velu from './velu.json' with { type: 'json' };

/** Numbers are decimal text, so that none of their digits is lost. */
export interface GoldenCase {
  readonly id: string;
  readonly preset?: string;
  /** Settings that do not train, parameters and options alike. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly values: readonly string[] }>
  >;
  readonly shape: readonly number[];
  readonly channelAxis?: number;
  /** Two words, for what draws noise. */
  readonly seed?: readonly number[];
  readonly x: readonly string[];
  readonly y: readonly string[];
  readonly penalty?: string;
  readonly upstream: { readonly y: readonly string[]; readonly penalty?: string };
  readonly vjp: { readonly x: readonly string[]; readonly parameters: Readonly<Record<string, readonly string[]>> };
}

interface GoldenFile {
  readonly activation: string;
  readonly cases: readonly GoldenCase[];
}

export const goldenFiles: readonly GoldenFile[] = [
  adaRelu,
  celu,
  convRelu,
  crelu,
  dyRelu,
  elu,
  gelu,
  geluTanh,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  mish,
  prelu,
  relu,
  relu6,
  rrelu,
  rules,
  selu,
  sigmoid,
  softplus,
  softsign,
  swish,
  tanh,
  velu,
];
