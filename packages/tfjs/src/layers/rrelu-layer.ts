/** Randomized leaky ReLU as a layer: other slopes at each training step, the mean slope at inference. */
import { type Activation, rrelu } from '@isoact/core';
import { serialization as registry, type serialization, type Tensor } from '@tensorflow/tfjs-core';
import { type Activated, activateAll } from '../operations/activate.ts';
import { ActivationLayer } from './activation-layer.ts';
import type { LayerSettings } from './define-layer.ts';

export type RreluLayerSettings = Omit<LayerSettings<typeof rrelu>, 'mode' | 'seed'> & {
  /** The lower word of the seed of every step, an integer below 2^32; drawn at random unless given. */
  readonly seed?: number;
};

/**
 * x where it is positive, its product with a slope elsewhere. While training, each element has a slope of its own, drawn
 * from U(lower, upper): the seed of a step is the layer's seed and the number of calls that it has trained in.
 */
export class RreluLayer extends ActivationLayer {
  static readonly className = 'RreluLayer';
  private readonly seed: number;
  private readonly inTraining: Activation;
  private calls = 0;

  constructor({ seed = Math.floor(Math.random() * 2 ** 32), ...settings }: RreluLayerSettings = {}) {
    super({ define: (values) => rrelu({ ...values, mode: 'evaluate' }) }, settings);
    this.seed = seed;
    const { parameters, options } = this.activation;
    this.inTraining = rrelu({ ...parameters, ...options, mode: 'train' });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), seed: this.seed };
  }

  protected override activate(x: Tensor, training: boolean): Activated {
    if (!training) return super.activate(x, training);
    return activateAll(this.inTraining, x, { ...this.callOptions(), seed: [this.seed, this.calls++ >>> 0] });
  }
}
registry.registerClass(RreluLayer as unknown as serialization.SerializableConstructor<RreluLayer>);
