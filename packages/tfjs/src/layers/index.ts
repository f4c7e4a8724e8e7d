/**
 * Activations as layers of tfjs-layers. Importing this module registers their classes, so that saved models find them.
 */

export type { ActivationSite } from '../surgery/candidates.ts';
export { type ReplacementReport, type ReplacementRule, replaceActivations } from '../surgery/replace-activations.ts';
export { ActivationLayer, type ActivationLayerOptions, type LayerKind } from './activation-layer.ts';
export { AdaReluLayer, type AdaReluLayerSettings } from './ada-relu-layer.ts';
export { calibrate } from './calibrate.ts';
export * from './catalogue.ts';
export { activationLayer, type LayerClass, type LayerSettings } from './define-layer.ts';
export { DynamicReluLayer, type DynamicReluSettings } from './dynamic-relu-layer.ts';
export { RreluLayer, type RreluLayerSettings } from './rrelu-layer.ts';
