/** Dynamic ReLU with its hyper-network, as an ONNX model. */
export { type DynamicReluExport, type DynamicReluWeights, dynamicReluToOnnx } from './export/dynamic-relu.ts';
