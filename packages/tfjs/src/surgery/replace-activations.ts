/** Other activations in a model that exists: the papers' partial and full replacement. */
import { mustBe, ParameterError } from '@isoact/core';
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { ActivationLayer } from '../layers/activation-layer.ts';
import { type ActivationSite, argumentHolder, findActivations, obstacle } from './candidates.ts';
import { configOf, type InboundTensor, isModel, type LayerConfig, type ModelConfig, modelConfig } from './config.ts';

export interface ReplacementRule {
  /** The activation to replace, by the name that tfjs gives it, or several. */
  readonly from: string | readonly string[];
  /** A new layer for each place, of a class that is registered with tfjs. */
  readonly to: (site: ActivationSite) => layers.Layer;
  /**
   * 'all'; 'head', those that no convolution, pooling or flattening comes after; or a test of one's own.
   */
  readonly where?: 'all' | 'head' | ((site: ActivationSite) => boolean);
}

export interface ReplacementReport {
  /** A new model with the weights of the old one, which stays as it was. It is to be compiled before training. */
  readonly model: LayersModel;
  readonly replaced: readonly (ActivationSite & { readonly by: string })[];
  /** Activations that the rule named and that had to stay, with the reason. */
  readonly kept: readonly (ActivationSite & { readonly reason: string })[];
}

/**
 * Replaces activations in a LayersModel, be they layers or arguments of layers, in shared layers and nested models too.
 *
 * @example
 * ```ts
 * const { model, replaced } = replaceActivations(old, { from: 'relu', to: () => new VeluLayer(), where: 'head' });
 * ```
 * @throws ParameterError if the rule matches no activation that could be replaced.
 */
export function replaceActivations(model: LayersModel, rule: ReplacementRule): ReplacementReport {
  const names = typeof rule.from === 'string' ? [rule.from] : rule.from;
  const { where = 'all' } = rule;
  const isWanted = (site: ActivationSite): boolean =>
    names.includes(site.activation) && (where === 'all' || (where === 'head' ? site.inHead : where(site)));

  const config = configOf(model);
  const all = findActivations(config);
  const wanted = new Map(all.filter(isWanted).map((site) => [keyOf(site.path, site.layer), site]));
  const replaced: (ActivationSite & { by: string })[] = [];
  const kept: (ActivationSite & { reason: string })[] = [];
  const newConfig = rewrite(config, []);
  if (replaced.length === 0) {
    const has = all.map(({ layer, activation }) => `${activation} in ${layer}`).join(', ') || 'none';
    const remedy = `The model has: ${has}.${kept[0] ? ` ${kept[0].layer} had to stay: ${kept[0].reason}.` : ''}`;
    throw new ParameterError(
      mustBe('an activation to replace', `${names.join(' or ')} that the rule admits`, 'none', remedy),
    );
  }
  const modelClass = model.constructor as unknown as ModelClass; // every class of models has fromConfig
  const result = modelClass.fromConfig(modelClass, newConfig);
  copyWeights(model, result, []);
  return { model: result, replaced, kept };

  function rewrite(old: ModelConfig, path: readonly string[]): ModelConfig {
    const outputs = new Map<string, string>(); // from a layer to the one that now holds its output
    const newLayers = old.layers.flatMap((layer) => {
      if (isModel(layer)) {
        const inner = rewrite(modelConfig(layer), [...path, layer.config.name]);
        return [{ ...layer, config: inner as unknown as LayerConfig['config'] }];
      }
      const site = wanted.get(keyOf(path, layer.config.name));
      if (!site) return [layer];
      const reason = obstacle(layer);
      if (reason) {
        kept.push({ ...site, reason });
        return [layer];
      }
      const substitute = rule.to(site);
      checkKeepsShape(substitute);
      replaced.push({ ...site, by: substitute.getClassName() });
      if (site.form === 'layer') return [inPlace(layer, substitute)];
      const added = after(layer, substitute);
      outputs.set(layer.config.name, added.config.name);
      return [withoutActivation(layer), added];
    });
    const rewire = (tensor: InboundTensor, consumer?: string): InboundTensor => {
      const by = outputs.get(tensor[0]);
      return by === undefined || by === consumer
        ? tensor
        : ([by, tensor[1], tensor[2], ...tensor.slice(3)] as unknown as InboundTensor);
    };
    return {
      ...old,
      layers: newLayers.map((layer) => ({
        ...layer,
        ...(layer.inboundNodes && {
          inboundNodes: layer.inboundNodes.map((node) => node.map((tensor) => rewire(tensor, layer.config.name))),
        }),
      })),
      ...(old.outputLayers && { outputLayers: old.outputLayers.map((tensor) => rewire(tensor)) }),
    };
  }

  function copyWeights(from: LayersModel, to: LayersModel, path: readonly string[]): void {
    for (const layer of from.layers) {
      const target = to.getLayer(layer.name);
      if ('layers' in layer) copyWeights(layer as LayersModel, target as LayersModel, [...path, layer.name]);
      else if (
        replaced.every((site) => site.form === 'argument' || keyOf(site.path, site.layer) !== keyOf(path, layer.name))
      ) {
        target.setWeights(layer.getWeights() as Tensor[]);
      }
    }
  }
}

/** @throws ParameterError for a layer that gives its successors more channels than they were built for. */
function checkKeepsShape(layer: layers.Layer): void {
  if (!(layer instanceof ActivationLayer) || layer.activation.forward.y.length === 1) return;
  const remedy = 'Build a new model with it: the layers behind it need other weights.';
  const requirement = 'one whose output has the shape of its input';
  throw new ParameterError(mustBe('a replacement', requirement, layer.activation.name, remedy));
}

interface ModelClass {
  fromConfig(modelClass: ModelClass, config: ModelConfig): LayersModel;
}

const keyOf = (path: readonly string[], layer: string): string => [...path, layer].join('\n');

const configOfLayer = (layer: layers.Layer): serialization.ConfigDict => layer.getConfig();

/** A new activation layer where the old one stood, under its name. */
function inPlace(old: LayerConfig, layer: layers.Layer): LayerConfig {
  const { batchInputShape } = old.config;
  return {
    ...old,
    className: layer.getClassName(),
    config: { ...configOfLayer(layer), name: old.config.name, ...(batchInputShape ? { batchInputShape } : {}) },
  };
}

/** A new layer that takes every output of the old one. */
function after(old: LayerConfig, layer: layers.Layer): LayerConfig {
  const name = `${old.config.name}_activation`;
  return {
    className: layer.getClassName(),
    config: { ...configOfLayer(layer), name },
    ...(old.inboundNodes && {
      name,
      inboundNodes: old.inboundNodes.map((_, node) => [[old.config.name, node, 0, {}]] as const),
    }),
  };
}

function withoutActivation(layer: LayerConfig): LayerConfig {
  const holder = argumentHolder(layer);
  const linear = { ...holder, config: { ...holder.config, activation: 'linear' } };
  return holder === layer ? linear : { ...layer, config: { ...layer.config, layer: linear } };
}
