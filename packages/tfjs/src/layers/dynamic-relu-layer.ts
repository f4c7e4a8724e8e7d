/**
 * Dynamic ReLU (Chen et al. 2020, arXiv:2003.10027): the larger of two lines whose coefficients a small network takes from
 * the mean of each sample's channels.
 */
import { mustBe, normalizeAxis, ParameterError, ShapeError } from '@isoact/core';
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
import { dyRelu, hardSigmoid, relu, sigmoid } from '../operations/catalogue.ts';
import { type LayerArgs, singleShape } from './activation-layer.ts';
import { protectSettings, restoreSettings } from './saved-strings.ts';

type Weight = ReturnType<layers.Layer['addWeight']>;
type LayerShape = Parameters<layers.Layer['build']>[0];

export interface DynamicReluSettings extends LayerArgs {
  /** 'A': one set of coefficients for each sample; 'B', the default: one for each of its channels. */
  readonly form?: 'A' | 'B';
  /** By how much the network narrows the channels; 8 unless given. */
  readonly reduction?: number;
  /** What turns its outputs into numbers from 0 to 1; 'sigmoid', the paper's, unless given. */
  readonly gate?: 'sigmoid' | 'hardSigmoid';
  /** The axis of the channels, the batch counted; the last one unless given. */
  readonly channelAxis?: number;
}

/** a = (1, 0) + (2g - 1), b = (0, 0) + (2g - 1)/2: the initial values and the ranges of the paper. */
const coefficients = [
  { name: 'a1', start: 1, range: 1 },
  { name: 'a2', start: 0, range: 1 },
  { name: 'b1', start: 0, range: 0.5 },
  { name: 'b2', start: 0, range: 0.5 },
] as const;

const gates = { sigmoid, hardSigmoid } as const;

/**
 * max(a1·x + b1, a2·x + b2) with coefficients per sample (form A) or per sample and channel (form B). The last weights of
 * its network start at zero, so that a fresh layer is relu.
 */
export class DynamicReluLayer extends layers.Layer {
  static readonly className = 'DynamicReluLayer';
  private readonly form: 'A' | 'B';
  private readonly reduction: number;
  private readonly gate: keyof typeof gates;
  private readonly channelAxis: number;
  private readonly network: Weight[] = [];

  constructor(settings: DynamicReluSettings = {}) {
    const restored = restoreSettings(settings);
    const { form = 'B', reduction = 8, gate = 'sigmoid', channelAxis = -1, ...others } = restored;
    super(others);
    if (form !== 'A' && form !== 'B')
      throw new ParameterError(mustBe('form of a DynamicReluLayer', '"A" or "B"', form));
    if (!Object.hasOwn(gates, gate)) {
      throw new ParameterError(mustBe('gate of a DynamicReluLayer', '"sigmoid" or "hardSigmoid"', gate));
    }
    if (!Number.isFinite(reduction) || reduction < 1) {
      throw new ParameterError(mustBe('reduction of a DynamicReluLayer', 'a number of at least 1', reduction));
    }
    [this.form, this.reduction, this.gate, this.channelAxis] = [form, reduction, gate, channelAxis];
  }

  override build(inputShape: LayerShape): void {
    const shape = singleShape(inputShape);
    const channels = shape[this.axisOf(shape.length)];
    if (typeof channels !== 'number') {
      throw new ShapeError(
        mustBe(`the channels of ${this.name}'s input`, 'known', channels, 'Give inputShape a number there.'),
      );
    }
    const hidden = Math.max(1, Math.floor(channels / this.reduction));
    const outputs = coefficients.length * (this.form === 'B' ? channels : 1);
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
      const gated = gates[this.gate](add(matMul(relu(add(matMul(pooled, kernel1), bias1)), kernel2), bias2));
      const perSample = (gated.shape[1] as number) / coefficients.length;
      const shape = x.shape.map((length, each) => (each === 0 || (each === axis && this.form === 'B') ? length : 1));
      const settings = coefficients.map(({ name, start, range }, k): [string, Tensor] => {
        const gate = reshape(slice(gated, [0, k * perSample], [-1, perSample]), shape);
        return [name, add(start, mul(range, sub(mul(2, gate), 1)))];
      });
      return dyRelu(x, Object.fromEntries(settings));
    });
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override getConfig(): serialization.ConfigDict {
    const { form, reduction, gate, channelAxis } = this;
    const own = protectSettings({ form, reduction, gate, channelAxis });
    return { ...super.getConfig(), ...(own as serialization.ConfigDict) }; // strings and numbers
  }

  private axisOf(rank: number): number {
    return normalizeAxis(this.channelAxis, rank, 'channelAxis');
  }
}
registry.registerClass(DynamicReluLayer as unknown as serialization.SerializableConstructor<DynamicReluLayer>);
