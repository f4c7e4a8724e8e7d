/** An activation of a tensor without elements: there is nothing to run, and what statistics of nothing are is known. */
import {
  type Activation,
  allocate,
  type CompiledActivation,
  DisposedError,
  elementCount,
  type ForwardInputs,
  gradientNames,
  inputChecker,
  mustBe,
  outputShape,
  parameterShape,
  stateShapes,
  type TensorSpec,
} from '@isoact/core';

export function compileEmpty(activation: Activation, spec: TensorSpec): CompiledActivation {
  const zeros = (shape: readonly number[]) => allocate(spec.dtype, elementCount(shape));
  const states = Object.entries(stateShapes(activation, spec)).map(([name, shape]) => [name, zeros(shape)] as const);
  const checkInputs = inputChecker(activation, spec);
  let disposed = false;
  const check = (inputs: ForwardInputs): void => {
    if (disposed) throw new DisposedError(mustBe(`compiled ${activation.name}`, 'in use', 'disposed'));
    checkInputs(inputs);
  };
  return {
    outputs: {
      y: { shape: outputShape(activation, spec) },
      ...(activation.forward.penalty && { penalty: { shape: [] } }),
    },
    async forward(inputs) {
      check(inputs);
      return {
        y: zeros(outputShape(activation, spec)),
        // a mean of nothing
        ...(activation.forward.penalty && { penalty: Number.NaN }),
        ...(states.length > 0 && { state: Object.fromEntries(states) }),
      };
    },
    async vjp(inputs) {
      check(inputs);
      const gradients = gradientNames(activation, spec).map((name) => [name, zeros(parameterShape(name, spec))]);
      return { x: zeros(spec.shape), parameters: Object.fromEntries(gradients) };
    },
    dispose() {
      disposed = true;
    },
  };
}
