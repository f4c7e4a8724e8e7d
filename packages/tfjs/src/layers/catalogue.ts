/** Each activation of the catalogue as a layer. */
import * as definitions from '@isoact/core';
import { activationLayer, type LayerClass } from './define-layer.ts';

export const EluLayer: LayerClass<typeof definitions.elu> = activationLayer('EluLayer', definitions.elu);
export const GeluLayer: LayerClass<typeof definitions.gelu> = activationLayer('GeluLayer', definitions.gelu);
export const LeakyReluLayer: LayerClass<typeof definitions.leakyRelu> = activationLayer(
  'LeakyReluLayer',
  definitions.leakyRelu,
);
export const PreluLayer: LayerClass<typeof definitions.prelu> = activationLayer('PreluLayer', definitions.prelu);
export const ReluLayer: LayerClass<typeof definitions.relu> = activationLayer('ReluLayer', definitions.relu);

/** x·σ(βx); β trains only if `trains: ['beta']` says so. */
export const SwishLayer: LayerClass<typeof definitions.swish> = activationLayer('SwishLayer', definitions.swish, {
  trains: [],
});

/** VeLU with its Wasserstein-2 penalty, which joins the loss with the weight `transportWeight`, and λ as a weight. */
export const VeluLayer: LayerClass<typeof definitions.velu> = activationLayer('VeluLayer', definitions.velu, {
  settings: { transport: 'penalty' },
  penaltyWeight: 'transportWeight',
});
