/** Activation functions as TensorFlow.js operations and layers. */
export const packageName = '@isoact/tfjs';
