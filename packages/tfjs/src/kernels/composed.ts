/** The kernel of a backend that has no fused one: the composed form. */
import { type Expression, upstreamPenalty } from '@isoact/core';
import * as tf from '@tensorflow/tfjs-core';
import { broadcastTo, evaluate } from '../composed/evaluate.ts';
import { inputSlots, type KernelCall, outputSlots, type Slot } from './call.ts';

/** Runs a call with tfjs operations; inside a kernel they are not recorded, so tfjs does not differentiate them. */
export function runComposed(call: KernelCall, tensors: readonly tf.Tensor[]): tf.Tensor[] {
  return tf.tidy(() => {
    const slots = inputSlots(call);
    const ofKind = (kind: Slot['kind']) =>
      Object.fromEntries(
        slots.flatMap((slot, k) => (slot.kind === kind ? [[slot.name, tensors[k] as tf.Tensor]] : [])),
      );
    const fields = evaluate(rootsOf(call), call.spec, {
      inputs: ofKind('element'),
      parameters: { [upstreamPenalty]: 0, ...call.activation.parameters, ...ofKind('parameter') },
      state: ofKind('state'),
    });
    return outputSlots(call).map(({ shape }, k) => fit(fields[k] as tf.Tensor, shape));
  });
}

function rootsOf({ activation, direction, spec }: KernelCall): Expression[] {
  if (direction === 'vjp') {
    const names = outputSlots({ activation, direction, spec, tensorParameters: [] }).slice(1);
    return [activation.vjp.x, ...names.map(({ name }) => activation.vjp.parameters[name] as Expression)];
  }
  const { y, penalty, state = {} } = activation.forward;
  return [y, ...(penalty ? [penalty] : []), ...Object.values(state)];
}

/** Statistics keep axes of length 1 that a parameter's own shape may lack; constants lack all. */
function fit(tensor: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const wanted = shape.reduce((product, length) => product * length, 1);
  // a tensor of its own, never an input's: the engine would count one tensor twice
  return tensor.size === wanted ? tf.reshape(tensor, [...shape]) : broadcastTo(tensor, shape);
}
