/** What a graph may use of the runtime that it is written for. */

/** Operators that ONNX Runtime's WebGPU provider lacks (1.30); each has a composition that stands in for it. */
type OptionalOperator = 'Round' | 'IsNaN' | 'Or';

export interface Target {
  readonly operators: ReadonlySet<OptionalOperator>;
  /** Whether statistics are summed in float64, where a float32 sum grows worse with every term. */
  readonly sums: 'float32' | 'float64';
}

/** Every provider: the operators that all have, in float32. */
export const portable: Target = { operators: new Set(), sums: 'float32' };
/** Providers that compute on the CPU. */
export const processor: Target = { operators: new Set(['Round', 'IsNaN', 'Or']), sums: 'float64' };
