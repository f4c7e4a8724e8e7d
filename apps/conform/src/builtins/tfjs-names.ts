/** The activations that tfjs has functions of its own for. */
export const tfjsBuiltins = [
  'relu',
  'relu6',
  'leakyRelu',
  'prelu',
  'elu',
  'selu',
  'sigmoid',
  'tanh',
  'softplus',
  'hardSigmoid',
  'softsign',
  'swish',
  'gelu',
  'geluTanh',
  'mish',
] as const;
export type TfjsBuiltin = (typeof tfjsBuiltins)[number];
