/**
 * An activation as a layer of tfjs-layers: its trainable parameters are weights, its other settings its configuration,
 * its penalty part of the loss.
 */
import { type Activation, mustBe, normalizeAxis, ParameterError, ShapeError } from '@isoact/core';
import { add, engine, mul, type Scalar, scalar, type serialization, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import { activateAll } from '../operations/activate.ts';
import { protectSettings, restoreSettings } from './saved-strings.ts';
import { withoutPenalty } from './without-penalty.ts';

export type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;
type Kwargs = Parameters<layers.Layer['call']>[1];
type LayerShape = Parameters<layers.Layer['build']>[0];
type Weight = ReturnType<layers.Layer['addWeight']>;

/** What every activation layer can be told, beside the activation's own settings. */
export interface ActivationLayerOptions extends LayerArgs {
  /** The axis of the channels, the batch counted; the last one unless given. */
  readonly channelAxis?: number;
  /** Trainable parameters that get a value per channel: all of them, those named, or none, the default. */
  readonly perChannel?: boolean | readonly string[];
  /** Parameters that become weights; the others stay the numbers that were given. */
  readonly trains?: readonly string[];
}

/** How a definition becomes a layer. */
export interface LayerKind {
  readonly define: (settings: Readonly<Record<string, unknown>>) => Activation;
  /** Settings that differ from the definition's defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Parameters that train unless the layer says otherwise; all trainable ones if not given. */
  readonly trains?: readonly string[];
  /** The parameter that a penalty is multiplied by before it joins the loss. */
  readonly penaltyWeight?: string;
}

const layerArguments = new Set<string>([
  'inputShape',
  'batchInputShape',
  'batchSize',
  'dtype',
  'name',
  'trainable',
  'weights',
  'inputDType',
  'customObjects', // tfjs writes it into every configuration that it reads
]);

/** The base of all activation layers. A subclass names its kind and its class name; `activationLayer` makes one. */
export abstract class ActivationLayer extends layers.Layer {
  readonly activation: Activation;
  readonly channelAxis: number;
  readonly trains: readonly string[];
  readonly perChannel: readonly string[];
  protected readonly kind: LayerKind;
  protected readonly settings: Readonly<Record<string, unknown>>;
  private readonly parameterWeights = new Map<string, Weight>();
  private readonly atInference: Activation;
  private penalties: Tensor[] = [];

  constructor(kind: LayerKind, args: Readonly<Record<string, unknown>> = {}) {
    const { channelAxis = -1, perChannel = false, trains, ...others } = restoreSettings(args) as ActivationLayerOptions;
    const own = Object.entries(others);
    super(Object.fromEntries(own.filter(([name]) => layerArguments.has(name))));
    this.kind = kind;
    this.settings = Object.fromEntries(own.filter(([name]) => !layerArguments.has(name)));
    this.activation = kind.define({ ...kind.settings, ...this.settings });
    this.atInference = withoutPenalty(this.activation);
    this.channelAxis = channelAxis;
    this.trains = this.checkNames('trains', trains ?? kind.trains ?? this.activation.trainable);
    const named = perChannel === true ? this.trains : perChannel === false ? [] : perChannel;
    this.perChannel = this.checkNames('perChannel', named);
    if (this.activation.forward.penalty) this.addLoss(() => this.takePenalty());
  }

  override build(inputShape: LayerShape): void {
    const shape = singleShape(inputShape);
    for (const name of this.trains) {
      const value = this.activation.parameters[name] as number;
      const initializer = initializers.constant({ value });
      this.parameterWeights.set(name, this.addWeight(name, this.weightShape(name, shape), 'float32', initializer));
    }
    super.build(inputShape);
  }

  override call(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor {
    const [y, penalty] = tidy(() => {
      const x = Array.isArray(inputs) ? (inputs[0] as Tensor) : inputs;
      const activated = this.activate(x, isTraining(kwargs));
      return activated.penalty ? [activated.y, activated.penalty] : [activated.y];
    }) as [Tensor, Tensor?];
    // lives as long as y does: the loss of the step asks for it
    if (penalty) this.penalties = [...this.penalties.filter((each) => !each.isDisposed), penalty];
    return y;
  }

  /** The input's, longer along the axis of the channels where the activation has several parts. */
  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const parts = this.activation.forward.y.length;
    if (parts === 1) return inputShape;
    const shape = singleShape(inputShape);
    const channels = normalizeAxis(this.channelAxis, shape.length, 'channelAxis');
    return shape.map((length, axis) => (axis === channels && length !== null ? parts * length : length));
  }

  override getConfig(): serialization.ConfigDict {
    const { channelAxis, perChannel, trains } = this;
    const own = protectSettings({ ...this.settings, channelAxis, perChannel, trains });
    // settings are numbers, strings, booleans, null, and arrays of those
    return { ...super.getConfig(), ...(own as object as serialization.ConfigDict) };
  }

  /** Computes the activation with the weights as they are; a penalty only while training. */
  protected activate(x: Tensor, training: boolean): { y: Tensor; penalty?: Tensor } {
    return activateAll(training ? this.activation : this.atInference, x, this.callOptions());
  }

  /** The options of an operation on this layer's input. */
  protected callOptions(): { parameters: Record<string, Tensor>; channelAxis: number } {
    const { channelAxis } = this;
    const parameters = Object.fromEntries([...this.parameterWeights].map(([name, weight]) => [name, weight.read()]));
    return { parameters, channelAxis };
  }

  /** The penalties of this step's calls, weighted; a shared layer has several. */
  private takePenalty(): Scalar {
    const weight = this.activation.parameters[this.kind.penaltyWeight ?? ''] ?? 1;
    const penalties = this.penalties.filter((each) => !each.isDisposed);
    this.penalties = [];
    return tidy(() => penalties.reduce<Scalar>((sum, each) => add(sum, mul(each, weight)), scalar(0)));
  }

  private weightShape(name: string, inputShape: readonly (number | null)[]): number[] {
    if (!this.perChannel.includes(name)) return [];
    const axis = normalizeAxis(this.channelAxis, inputShape.length, 'channelAxis');
    const channels = inputShape[axis];
    if (typeof channels !== 'number') {
      const remedy = 'Give inputShape a number there, or one value for all channels.';
      throw new ShapeError(mustBe(`the channels of ${this.name}'s input`, 'known', channels, remedy));
    }
    return [channels, ...inputShape.slice(axis + 1).map(() => 1)];
  }

  private checkNames(option: string, names: readonly string[]): readonly string[] {
    const allowed = option === 'trains' ? this.activation.trainable : this.trains;
    for (const name of names) {
      if (allowed.includes(name)) continue;
      const known = allowed.map((each) => JSON.stringify(each)).join(', ') || 'empty';
      throw new ParameterError(mustBe(`${option} of a ${this.activation.name} layer`, `of ${known}`, name));
    }
    return names;
  }
}

/** While a gradient is being recorded, too: a model inside of a model is not told that it trains. */
const isTraining = (kwargs: Kwargs): boolean => kwargs?.training === true || engine().state.gradientDepth > 0;

export function singleShape(shape: LayerShape): readonly (number | null)[] {
  const [first] = shape;
  return (Array.isArray(first) ? first : shape) as readonly (number | null)[];
}
