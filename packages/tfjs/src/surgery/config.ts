/** The configuration of a model of tfjs-layers, as far as replacing activations reads it. */
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** [layer, node, tensor, keyword arguments]: one tensor that a layer is called on. */
export type InboundTensor = readonly [string, number, number, unknown?];

export interface LayerConfig {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>> & { readonly name: string };
  /** Absent in a Sequential model. */
  readonly name?: string;
  /** One entry for each call of the layer. */
  readonly inboundNodes?: readonly (readonly InboundTensor[])[];
}

export interface ModelConfig {
  readonly name: string;
  readonly layers: readonly LayerConfig[];
  readonly inputLayers?: readonly InboundTensor[];
  readonly outputLayers?: readonly InboundTensor[];
}

/** tfjs types a configuration as any plain data. */
export const configOf = (model: LayersModel): ModelConfig => model.getConfig() as unknown as ModelConfig;

export const isModel = ({ config }: LayerConfig): boolean => Array.isArray(config.layers);
export const modelConfig = ({ config }: LayerConfig): ModelConfig => config as unknown as ModelConfig;

/** The names of the layers that a layer is called on; in a Sequential model, the one before. */
export function predecessors(layers: readonly LayerConfig[], index: number): string[] {
  const nodes = layers[index]?.inboundNodes;
  if (nodes) return nodes.flatMap((node) => node.map(([name]) => name));
  return index > 0 ? [layers[index - 1]?.config.name as string] : [];
}
