/**
 * AdaReLU as a layer. The paper gives no rule for inference: in the mode 'frozen' the layer keeps running means of its
 * counts, so that an answer does not depend on what else is in the batch.
 */
import { type Activation, adaRelu, mustBe, ShapeError, stateShapes } from '@isoact/core';
import { add, mul, serialization as registry, type serialization, sub, type Tensor } from '@tensorflow/tfjs-core';
import { initializers, type layers } from '@tensorflow/tfjs-layers';
import { type Activated, activateAll } from '../operations/activate.ts';
import { ActivationLayer, singleShape } from './activation-layer.ts';
import type { LayerSettings } from './define-layer.ts';

type Weight = ReturnType<layers.Layer['addWeight']>;

export type AdaReluLayerSettings = LayerSettings<typeof adaRelu> & {
  /** How much of the counts' running means a training step keeps, in the mode 'frozen'; 0.99 unless given. */
  readonly countMomentum?: number;
};

/**
 * min(x, 0) where positive elements outnumber negative ones, max(x, 0) otherwise.
 *
 * In the mode 'batch' every batch decides for itself, in training and at inference. In the mode 'frozen' training does
 * so too and keeps running means of the counts, by which inference decides; `calibrate` sets them from data.
 */
export class AdaReluLayer extends ActivationLayer {
  static readonly className = 'AdaReluLayer';
  private readonly countMomentum: number;
  private readonly byBatch: Activation;
  private readonly counts = new Map<string, Weight>();
  /** Calls since a calibration began; null outside of one. */
  private calibrated: number | null = null;

  constructor({ countMomentum = 0.99, ...settings }: AdaReluLayerSettings = {}) {
    super({ define: (values) => adaRelu(values) }, settings);
    this.countMomentum = countMomentum;
    this.byBatch = adaRelu({ ...this.activation.options, mode: 'batch' });
  }

  override build(inputShape: Parameters<layers.Layer['build']>[0]): void {
    if (this.activation.options.mode === 'frozen') {
      const shape = singleShape(inputShape);
      const { channelAxis } = this;
      // a length that is not known is none that a count could be kept along
      const states = stateShapes(this.activation, { shape: shape.map((length) => length ?? 0), channelAxis });
      for (const [name, own] of Object.entries(states)) {
        if (own.includes(0) || own[0] !== 1) {
          const remedy = 'Take the extent "tensor" or "channel", or the mode "batch".';
          throw new ShapeError(mustBe('the extent of a frozen AdaReluLayer', 'one that spans the batch', own, remedy));
        }
        const zeros = initializers.zeros();
        this.counts.set(name, this.addWeight(name, [...own], 'float32', zeros, undefined, false));
      }
    }
    super.build(inputShape);
  }

  /** The next calls set the counts to the means of their own, until `endCalibration`. */
  beginCalibration(): void {
    this.calibrated = 0;
  }

  endCalibration(): void {
    this.calibrated = null;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), countMomentum: this.countMomentum };
  }

  protected override activate(x: Tensor, training: boolean): Activated {
    if (this.counts.size === 0) return super.activate(x, training);
    const { channelAxis } = this;
    if (!training && this.calibrated === null) {
      const state = Object.fromEntries([...this.counts].map(([name, weight]) => [name, weight.read()]));
      return activateAll(this.activation, x, { channelAxis, state });
    }
    const activated = activateAll(this.byBatch, x, { channelAxis });
    const share = this.calibrated === null ? 1 - this.countMomentum : 1 / ++this.calibrated;
    for (const [name, weight] of this.counts) {
      const mean = weight.read();
      weight.write(add(mean, mul(sub(activated.state?.[name] as Tensor, mean), share)));
    }
    return activated;
  }
}
registry.registerClass(AdaReluLayer as unknown as serialization.SerializableConstructor<AdaReluLayer>);
