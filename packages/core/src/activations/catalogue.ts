/** Every activation by its name. */
import { adaRelu } from './ada-relu.ts';
import { leakyRelu, prelu, relu } from './rectifiers.ts';
import { elu, gelu, swish } from './smooth.ts';
import { velu } from './velu.ts';

export const catalogue = { relu, leakyRelu, prelu, elu, swish, gelu, velu, adaRelu } as const;
