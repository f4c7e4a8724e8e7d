/** Every activation by its name. */
import { adaRelu } from './ada-relu.ts';
import { celu, elu, selu, softplus } from './exponential.ts';
import { gelu, geluTanh, hardSwish, mish, swish } from './gated.ts';
import { convRelu, crelu, dyRelu, leakyRelu, prelu, relu, relu6, rrelu } from './rectifiers.ts';
import { hardSigmoid, sigmoid, softsign, tanh } from './sigmoidal.ts';
import { velu } from './velu.ts';

export const catalogue = {
  sigmoid,
  tanh,
  relu,
  relu6,
  leakyRelu,
  prelu,
  rrelu,
  elu,
  selu,
  celu,
  softplus,
  softsign,
  swish,
  hardSigmoid,
  hardSwish,
  gelu,
  geluTanh,
  mish,
  convRelu,
  crelu,
  dyRelu,
  velu,
  adaRelu,
} as const;
