/**
 * Each activation of the catalogue as a layer. AdaReLU's and RReLU's are classes of their own, for they have state; dynamic ReLU's is one
 * with a hyper-network.
 */
import * as definitions from '@isoact/core';
import { activationLayer, type LayerClass } from './define-layer.ts';

export const CeluLayer: LayerClass<typeof definitions.celu> = activationLayer('CeluLayer', definitions.celu);
export const ConvReluLayer: LayerClass<typeof definitions.convRelu> = activationLayer(
  'ConvReluLayer',
  definitions.convRelu,
);
export const CreluLayer: LayerClass<typeof definitions.crelu> = activationLayer('CreluLayer', definitions.crelu);
export const EluLayer: LayerClass<typeof definitions.elu> = activationLayer('EluLayer', definitions.elu);
export const GeluLayer: LayerClass<typeof definitions.gelu> = activationLayer('GeluLayer', definitions.gelu);
export const GeluTanhLayer: LayerClass<typeof definitions.geluTanh> = activationLayer(
  'GeluTanhLayer',
  definitions.geluTanh,
);
export const HardSigmoidLayer: LayerClass<typeof definitions.hardSigmoid> = activationLayer(
  'HardSigmoidLayer',
  definitions.hardSigmoid,
);
export const HardSwishLayer: LayerClass<typeof definitions.hardSwish> = activationLayer(
  'HardSwishLayer',
  definitions.hardSwish,
);
export const LeakyReluLayer: LayerClass<typeof definitions.leakyRelu> = activationLayer(
  'LeakyReluLayer',
  definitions.leakyRelu,
);
export const MishLayer: LayerClass<typeof definitions.mish> = activationLayer('MishLayer', definitions.mish);
export const PreluLayer: LayerClass<typeof definitions.prelu> = activationLayer('PreluLayer', definitions.prelu);
export const ReluLayer: LayerClass<typeof definitions.relu> = activationLayer('ReluLayer', definitions.relu);
export const Relu6Layer: LayerClass<typeof definitions.relu6> = activationLayer('Relu6Layer', definitions.relu6);
export const SeluLayer: LayerClass<typeof definitions.selu> = activationLayer('SeluLayer', definitions.selu);
export const SigmoidLayer: LayerClass<typeof definitions.sigmoid> = activationLayer(
  'SigmoidLayer',
  definitions.sigmoid,
);
export const SoftplusLayer: LayerClass<typeof definitions.softplus> = activationLayer(
  'SoftplusLayer',
  definitions.softplus,
);
export const SoftsignLayer: LayerClass<typeof definitions.softsign> = activationLayer(
  'SoftsignLayer',
  definitions.softsign,
);
/** x·σ(βx); β trains only if `trains: ['beta']` says so. */
export const SwishLayer: LayerClass<typeof definitions.swish> = activationLayer('SwishLayer', definitions.swish, {
  trains: [],
});
export const TanhLayer: LayerClass<typeof definitions.tanh> = activationLayer('TanhLayer', definitions.tanh);
/** VeLU with its Wasserstein-2 penalty, which joins the loss with the weight `transportWeight`, and λ as a weight. */
export const VeluLayer: LayerClass<typeof definitions.velu> = activationLayer('VeluLayer', definitions.velu, {
  settings: { transport: 'penalty' },
  penaltyWeight: 'transportWeight',
});
