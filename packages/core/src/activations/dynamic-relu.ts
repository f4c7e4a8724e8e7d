/**
 * The hyper-network of dynamic ReLU (Chen et al. 2020, arXiv:2003.10027), as data that an adapter builds from its own
 * operations: the mean of each sample's channels, a dense layer, ReLU, a dense layer, a gate into [0, 1]; and from each
 * gate g a coefficient, start + range·(2g - 1), for `dyRelu`.
 */
import { choice, fixed, resolveSettings } from '../settings.ts';
import { hardSigmoid, sigmoid } from './sigmoidal.ts';

export interface DynamicReluOptions {
  /** 'A': one set of coefficients for each sample; 'B', the default: one for each of its channels. */
  readonly form?: 'A' | 'B';
  /** By how much the network narrows the channels; 8 unless given. */
  readonly reduction?: number;
  /** What turns its outputs into numbers from 0 to 1; 'sigmoid', the paper's, unless given. */
  readonly gate?: 'sigmoid' | 'hardSigmoid';
}

export interface DynamicReluNetwork {
  /** Outputs of the first dense layer. */
  readonly hidden: number;
  /** Values of each coefficient; the last dense layer has so many outputs for each, in the order of `coefficients`. */
  readonly values: number;
  readonly gate: typeof sigmoid | typeof hardSigmoid;
  /** By the name of the parameter of `dyRelu`: the value for a gate of 1/2, and how far a gate of 0 or 1 is from it. */
  readonly coefficients: typeof dynamicReluCoefficients;
}

/** a = (1, 0) + (2g - 1), b = (0, 0) + (2g - 1)/2. With a last layer of zeros every gate is 1/2: relu. */
export const dynamicReluCoefficients = [
  { name: 'a1', start: 1, range: 1 },
  { name: 'a2', start: 0, range: 1 },
  { name: 'b1', start: 0, range: 0.5 },
  { name: 'b2', start: 0, range: 0.5 },
] as const;

const gates = { sigmoid, hardSigmoid } as const;

/** @throws ParameterError for an option that is not one. */
export function dynamicReluNetwork(channels: number, options: DynamicReluOptions = {}): DynamicReluNetwork {
  const { parameters, options: chosen } = resolveSettings(
    'dynamic ReLU',
    { reduction: fixed(8, { atLeast: 1 }) },
    { form: choice('B', 'A'), gate: choice('sigmoid', 'hardSigmoid') },
    {},
    { ...options },
  );
  return {
    hidden: Math.max(1, Math.floor(channels / (parameters.reduction as number))),
    values: chosen.form === 'B' ? channels : 1,
    gate: gates[chosen.gate as keyof typeof gates], // as the choice has seen to
    coefficients: dynamicReluCoefficients,
  };
}
