/** What a graph may use of the runtime that it is written for. */
import { mustBe, ParameterError } from '@isoact/core';
import type { Form } from './forms.ts';

/** Operators that some provider of ONNX Runtime lacks, or computes badly (1.30); a composition stands in for each. */
type OptionalOperator = 'Round' | 'IsNaN' | 'Or' | 'Max' | 'Min' | 'Atan' | 'Asin';

export type Arithmetic = 'float32' | 'float64';

export interface Target {
  readonly operators: ReadonlySet<OptionalOperator>;
  /** Operators for whole activations that the provider does not have. */
  readonly lacks: ReadonlySet<string>;
  /** The type of the accurate form's arithmetic. In float64 the plain formulas do, in a fraction of the nodes. */
  readonly arithmetic: Arithmetic;
  /** The type that statistics are summed in, where a float32 sum grows worse with every term. */
  readonly sums: Arithmetic;
}

const nothing: ReadonlySet<string> = new Set();

/** Every provider: the operators that all have, in float32. */
const portable: Target = { operators: new Set(), lacks: nothing, arithmetic: 'float32', sums: 'float32' };
/** The WebGPU provider, where nothing may fall back to the CPU. */
export const webgpu: Target = { ...portable, lacks: new Set(['Celu', 'Selu', 'Softsign']) };
/** Providers that compute on the CPU. */
export const processor: Target = {
  operators: new Set(['Round', 'IsNaN', 'Or', 'Max', 'Min', 'Atan', 'Asin']),
  lacks: nothing,
  arithmetic: 'float64',
  sums: 'float64',
};
/** CUDA has float64, which most of its devices compute at a small part of the speed. */
export const cuda: Target = {
  operators: new Set(['Round', 'IsNaN', 'Or']),
  lacks: new Set(['Celu', 'Mish', 'Softsign']),
  arithmetic: 'float32',
  sums: 'float64',
};

/** For a model that somebody else will run. The native form computes in float32 wherever it runs. */
export const targetFor = (arithmetic: Arithmetic = 'float32', form: Form): Target =>
  arithmetic === 'float64' && form === 'accurate' ? processor : portable;

export function checkArithmetic(arithmetic: unknown): void {
  if (arithmetic === undefined || arithmetic === 'float32' || arithmetic === 'float64') return;
  throw new ParameterError(mustBe('arithmetic', '"float32" or "float64"', arithmetic));
}
