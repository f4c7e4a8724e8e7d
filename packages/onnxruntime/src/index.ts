/** Activation functions as ONNX graphs. */
export const packageName = '@isoact/onnxruntime';
