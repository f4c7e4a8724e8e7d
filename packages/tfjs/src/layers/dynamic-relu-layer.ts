/**
 * Dynamic ReLU (Chen et al. 2020, arXiv:2003.10027): the larger of two lines whose coefficients a small network takes from
 * the mean of each sample's channels.
 */
import { type DynamicReluOptions, dynamicReluNetwork, mustBe, normalizeAxis, ShapeError } from '@isoact/core';
import {
  add,
  matMul,
  mean,
  mul,
  serialization as registry,
  reshape,
  type serialization,
  slice,
  sub,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import { dyRelu, relu } from '../operations/catalogue.ts';
import { operation } from '../operations/operation.ts';
import { type LayerArgs, singleShape } from './activation-layer.ts';
import { protectSettings, restoreSettings } from './saved-strings.ts';

type Weight = ReturnType<layers.Layer['addWeight']>;
type LayerShape = Parameters<layers.Layer['build']>[0];

export interface DynamicReluSettings extends LayerArgs, DynamicReluOptions {
  /** The axis of the channels, the batch counted; the last one unless given. */
  readonly channelAxis?: number;
}

/**
 * max(a1·x + b1, a2·x + b2) with coefficients per sample (form A) or per sample and channel (form B). The last weights of
 * its network start at zero, so that a fresh layer is relu.
 */
export class DynamicReluLayer extends layers.Layer {
  static readonly className = 'DynamicReluLayer';
  private readonly options: Required<DynamicReluOptions>;
  private readonly channelAxis: number;
  private readonly network: Weight[] = [];

  constructor(settings: DynamicReluSettings = {}) {
    const restored = restoreSettings(settings);
    const { form = 'B', reduction = 8, gate = 'sigmoid', channelAxis = -1, ...others } = restored;
    super(others);
    this.options = { form, reduction, gate };
    this.channelAxis = channelAxis;
    dynamicReluNetwork(1, this.options); // what is no option is refused here, not when the layer is built
  }

  override build(inputShape: LayerShape): void {
    const shape = singleShape(inputShape);
    const channels = shape[this.axisOf(shape.length)];
    if (typeof channels !== 'number') {
      throw new ShapeError(
        mustBe(`the channels of ${this.name}'s input`, 'known', channels, 'Give inputShape a number there.'),
      );
    }
    const { hidden, values, coefficients } = dynamicReluNetwork(channels, this.options);
    const outputs = coefficients.length * values;
    const zeros = initializers.zeros();
    this.network.push(
      this.addWeight('hidden_kernel', [channels, hidden], 'float32', initializers.glorotUniform({})),
      this.addWeight('hidden_bias', [hidden], 'float32', zeros),
      this.addWeight('kernel', [hidden, outputs], 'float32', zeros),
      this.addWeight('bias', [outputs], 'float32', zeros),
    );
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = Array.isArray(inputs) ? (inputs[0] as Tensor) : inputs;
      const axis = this.axisOf(x.rank);
      const others = x.shape.flatMap((_, each) => (each === 0 || each === axis ? [] : [each]));
      const [kernel1, bias1, kernel2, bias2] = this.network.map((weight) => weight.read()) as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      const pooled = others.length > 0 ? mean(x, others) : x;
      const { values, gate, coefficients } = dynamicReluNetwork(x.shape[axis] as number, this.options);
      const gated = operation(gate)(add(matMul(relu(add(matMul(pooled, kernel1), bias1)), kernel2), bias2));
      const shape = x.shape.map((length, each) => (each === 0 || (each === axis && values > 1) ? length : 1));
      const settings = coefficients.map(({ name, start, range }, k): [string, Tensor] => {
        const own = reshape(slice(gated, [0, k * values], [-1, values]), shape);
        return [name, add(start, mul(range, sub(mul(2, own), 1)))];
      });
      return dyRelu(x, Object.fromEntries(settings));
    });
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override getConfig(): serialization.ConfigDict {
    const own = protectSettings({ ...this.options, channelAxis: this.channelAxis });
    return { ...super.getConfig(), ...(own as serialization.ConfigDict) }; // strings and numbers
  }

  private axisOf(rank: number): number {
    return normalizeAxis(this.channelAxis, rank, 'channelAxis');
  }
}
registry.registerClass(DynamicReluLayer as unknown as serialization.SerializableConstructor<DynamicReluLayer>);
