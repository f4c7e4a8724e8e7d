/** An activation's definition as an operation on tensors. */
import type { Activation, Seed } from '@isoact/core';
import { Tensor } from '@tensorflow/tfjs-core';
import { activate } from './activate.ts';

type ParametersOf<D> = D extends { readonly parameters: infer P } ? P : never;
type OptionsOf<D> = D extends { readonly options: infer O } ? O : never;
type ValueOf<O> = O extends { readonly default: infer T } ? T : never;

/** Settings of an operation: each parameter a number or a tensor, each option one of its values. */
export type OperationSettings<D> = {
  readonly [K in keyof ParametersOf<D>]?: number | Tensor;
} & {
  readonly [K in keyof OptionsOf<D>]?: ValueOf<OptionsOf<D>[K]>;
} & {
  /** The axis that an extent of 'channel' keeps, and along which crelu doubles the channels. */
  readonly channelAxis?: number;
  /** The two words of 32 bits that noise is drawn by: rrelu's slopes in the mode 'train'. */
  readonly seed?: Seed;
};

/** A differentiable operation: `velu(x, { alpha: 0.5, lambda: variable })`. */
export type Operation<D> = (x: Tensor, settings?: OperationSettings<D>) => Tensor;

/** What is used of a definition whose parameters' types are not known here. */
type Definition = ((settings: Readonly<Record<string, unknown>>) => Activation) & {
  readonly activationName: string;
  readonly parameters: object;
};

/**
 * The operation of a definition, be it of the catalogue or your own. A parameter given as a tensor is differentiated
 * by, where it trains; numbers and options choose the activation.
 *
 * @example
 * ```ts
 * const cubic = operation(defineActivation({ name: 'cubic', … }));
 * const y = cubic(x);
 * ```
 */
export function operation<D extends { readonly activationName: string; readonly parameters: object }>(
  definition: D,
): Operation<D> {
  const define = definition as unknown as Definition;
  return (x, settings) => {
    const { channelAxis, seed, ...others } = (settings ?? {}) as Record<string, unknown> & {
      channelAxis?: number;
      seed?: Seed;
    };
    const tensors: Record<string, Tensor> = {};
    const chosen: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(others)) {
      if (value instanceof Tensor && name in define.parameters) tensors[name] = value;
      else chosen[name] = value;
    }
    return activate(define(chosen), x, {
      parameters: tensors,
      ...(channelAxis !== undefined && { channelAxis }),
      ...(seed && { seed }),
    });
  };
}
