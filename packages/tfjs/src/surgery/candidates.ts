/** Where a model has activations, and which of them lie in its head. */
import { isModel, type LayerConfig, type ModelConfig, modelConfig, predecessors } from './config.ts';

/** An activation in a model. */
export interface ActivationSite {
  /** The layer's name. */
  readonly layer: string;
  readonly className: string;
  /** The activation's name, as tfjs writes it: 'relu', 'leakyRelu', … */
  readonly activation: string;
  /** Whether it is a layer of its own or another layer's argument. */
  readonly form: 'layer' | 'argument';
  /** The names of the models around it, outermost first; empty at the top. */
  readonly path: readonly string[];
  /** Whether no convolution, pooling or flattening comes after it. */
  readonly inHead: boolean;
}

const ownLayers: Readonly<Record<string, (config: LayerConfig['config']) => string>> = {
  Activation: (config) => String(config.activation),
  ReLU: (config) => (config.maxValue == null ? 'relu' : `relu${config.maxValue}`),
  LeakyReLU: () => 'leakyRelu',
  PReLU: () => 'prelu',
  ELU: () => 'elu',
  ThresholdedReLU: () => 'thresholdedRelu',
  Softmax: () => 'softmax',
};

/** Layers whose output is their activation of something, so that it can be taken out of them. */
const hasSeparableActivation = /^(Dense|Conv\dD|Conv\dDTranspose|SeparableConv2D|DepthwiseConv2D)$/;

/** The activation of a layer that is one, or ends in one. */
function activationOf(layer: LayerConfig): Pick<ActivationSite, 'activation' | 'form'> | null {
  const own = ownLayers[layer.className];
  if (own) return { activation: own(layer.config), form: 'layer' };
  const inner = argumentHolder(layer).config.activation;
  return typeof inner === 'string' && inner !== 'linear' ? { activation: inner, form: 'argument' } : null;
}

/** The layer whose `activation` argument it is: the one that a wrapper holds, or the layer itself. */
export function argumentHolder(layer: LayerConfig): LayerConfig {
  const wrapped = layer.config.layer;
  return wrapped ? (wrapped as LayerConfig) : layer;
}

/** Why an activation cannot be replaced, or null. */
export function obstacle(layer: LayerConfig): string | null {
  const holder = argumentHolder(layer);
  const isReached = holder === layer || layer.className === 'TimeDistributed';
  const isLast = isReached && hasSeparableActivation.test(holder.className);
  return isLast || activationOf(layer)?.form === 'layer' ? null : `the activation lies inside of ${layer.className}`;
}

/** All activations of a model and of the models in it. */
export function findActivations(
  model: ModelConfig,
  path: readonly string[] = [],
  parentInHead = true,
): ActivationSite[] {
  const head = headOf(model);
  return model.layers.flatMap((layer) => {
    const inHead = parentInHead && head.has(layer.config.name);
    if (isModel(layer)) return findActivations(modelConfig(layer), [...path, layer.config.name], inHead);
    const found = activationOf(layer);
    return found ? [{ layer: layer.config.name, className: layer.className, ...found, path, inHead }] : [];
  });
}

const isFeature = (layer: LayerConfig): boolean =>
  /Conv|Pooling|Flatten|Reshape|LSTM|GRU|RNN/.test(argumentHolder(layer).className) ||
  (isModel(layer) && modelConfig(layer).layers.some(isFeature));

/** The layers that no feature extraction comes after. */
function headOf({ layers }: ModelConfig): Set<string> {
  const index = new Map(layers.map(({ config }, k) => [config.name, k]));
  const features = new Set<string>();
  const mark = (name: string): void => {
    if (features.has(name)) return;
    features.add(name);
    for (const before of predecessors(layers, index.get(name) as number)) mark(before);
  };
  for (const layer of layers) if (isFeature(layer)) mark(layer.config.name);
  return new Set(layers.map(({ config }) => config.name).filter((name) => !features.has(name)));
}
