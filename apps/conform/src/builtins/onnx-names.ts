/** The activations that ONNX has operators for which ONNX Runtime runs, at the opset that all its providers know. */
export const onnxBuiltins = [
  'relu',
  'leakyRelu',
  'prelu',
  'elu',
  'selu',
  'celu',
  'sigmoid',
  'hardSigmoid',
  'tanh',
  'softplus',
  'softsign',
  'hardSwish',
  'gelu',
  'geluTanh',
  'mish',
] as const;
export type OnnxBuiltin = (typeof onnxBuiltins)[number];
