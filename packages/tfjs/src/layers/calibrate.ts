/** Counts of frozen AdaReLU layers from data. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { AdaReluLayer } from './ada-relu-layer.ts';

/**
 * Sets the counts of every AdaReluLayer in the mode 'frozen' to their means over batches of data, without training.
 *
 * @example
 * ```ts
 * calibrate(model, [firstBatch, secondBatch]);
 * ```
 */
export function calibrate(model: LayersModel, batches: Iterable<Tensor | Tensor[]>): void {
  const found = allLayers(model.layers).filter((layer) => layer instanceof AdaReluLayer);
  for (const layer of found) layer.beginCalibration();
  try {
    for (const batch of batches) {
      const outputs = model.predictOnBatch(batch);
      for (const output of Array.isArray(outputs) ? outputs : [outputs]) output.dispose();
    }
  } finally {
    for (const layer of found) layer.endCalibration();
  }
}

/** The layers of a model and of the models in it. */
function allLayers(own: readonly layers.Layer[]): layers.Layer[] {
  return own.flatMap((layer) => ('layers' in layer ? allLayers((layer as LayersModel).layers) : [layer]));
}
