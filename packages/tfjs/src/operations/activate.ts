/** Any activation on tensors: the operations that those of the catalogue, the layers and the backend are made of. */
import { type Activation, drawsNoise, mustBe, ParameterError, type Seed, ShapeError } from '@isoact/core';
import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import { type KernelCall, outputSlots, readStates } from '../kernels/call.ts';
import { type Form, runKernel } from '../kernels/register.ts';
import { checkSeed, checkTensor, specOf, splitParameters } from './checks.ts';

export interface ActivateOptions {
  /** Values that override the activation's own: numbers, or tensors that broadcast against x as in NumPy. */
  readonly parameters?: Readonly<Record<string, Tensor | number>>;
  /** The axis that an extent of 'channel' keeps. */
  readonly channelAxis?: number;
  /** What an earlier call left, one value per group: AdaReLU's counts in its frozen mode. */
  readonly state?: Readonly<Record<string, Tensor>>;
  /** The two words of 32 bits that noise is drawn by, the lower one first: rrelu's slopes while it trains. */
  readonly seed?: Seed;
  /** 'composed' runs tfjs operations in place of a fused kernel; for comparisons. */
  readonly form?: Form;
}

export interface Activated {
  readonly y: Tensor;
  /** One number, to be added to a loss; for activations that have one. */
  readonly penalty?: Tensor;
  /** One value per group, for a later call. */
  readonly state?: Readonly<Record<string, Tensor>>;
}

/**
 * An activation of a tensor, with all that it yields beside y. Differentiable by x and by trainable parameters.
 *
 * @throws DtypeError, ShapeError, ParameterError or DisposedError.
 */
export function activateAll(activation: Activation, x: Tensor, options: ActivateOptions = {}): Activated {
  const { call, inputs } = prepare(activation, x, options);
  const outputs = runKernel(call, inputs, options.form ?? 'fused');
  const named = (kind: string) =>
    outputSlots(call).flatMap((slot, k): [string, Tensor][] =>
      slot.kind === kind ? [[slot.name, outputs[k] as Tensor]] : [],
    );
  const [[, penalty] = []] = named('parameter');
  const state = named('state');
  return {
    y: outputs[0] as Tensor,
    ...(penalty && { penalty }),
    ...(state.length > 0 && { state: Object.fromEntries(state) }),
  };
}

/**
 * An activation of a tensor: `activate(swish(), x)`. Differentiable by x and by trainable parameters given as tensors.
 *
 * @example
 * ```ts
 * const y = activate(velu({ extent: 'tensor' }), x, { parameters: { lambda } });
 * ```
 * @throws DtypeError, ShapeError, ParameterError or DisposedError.
 */
export function activate(activation: Activation, x: Tensor, options: ActivateOptions = {}): Tensor {
  if (activation.forward.penalty) {
    throw new ParameterError(
      mustBe(
        `an activation given to activate`,
        'one without a penalty',
        activation.name,
        'Use activateAll, and add its penalty to the loss.',
      ),
    );
  }
  return tidy(() => activateAll(activation, x, options).y);
}

/** Checks a call and puts its tensors in order. */
function prepare(given: Activation, x: Tensor, options: ActivateOptions): { call: KernelCall; inputs: Tensor[] } {
  checkTensor('x', x);
  const { activation, tensors } = splitParameters(given, options.parameters ?? {});
  const spec = specOf(activation, x, options.channelAxis, tensors);
  const states = readStates(activation, spec).map(({ name, shape }) => {
    const subject = `state ${JSON.stringify(name)} of ${activation.name}`;
    const state = checkTensor(subject, options.state?.[name]);
    if (state.shape.join() !== shape.join()) {
      throw new ShapeError(mustBe(`the shape of ${subject}`, `[${shape.join(', ')}]`, state.shape));
    }
    return state;
  });
  const seed = drawsNoise(activation) && { seed: checkSeed(activation, options.seed) };
  return {
    call: { activation, spec, direction: 'forward', tensorParameters: Object.keys(tensors), ...seed },
    inputs: [x, ...Object.values(tensors), ...states],
  };
}
