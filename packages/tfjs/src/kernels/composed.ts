/** The kernel of a backend that has no fused one: the composed form. */
import {
  type Expression,
  elementCount,
  forwardRoots,
  noiseOf,
  partedShape,
  partsAxis,
  upstreamPenalty,
} from '@isoact/core';
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
      inputs: { ...ofKind('element'), ...noiseOfCall(call) },
      parameters: { [upstreamPenalty]: 0, ...call.activation.parameters, ...ofKind('parameter') },
      state: ofKind('state'),
    });
    const outputs = call.direction === 'forward' ? joined(call, fields) : fields;
    return outputSlots(call).map(({ shape }, k) => fit(outputs[k] as tf.Tensor, shape));
  });
}

function rootsOf({ activation, direction, spec }: KernelCall): Expression[] {
  if (direction === 'vjp') {
    const names = outputSlots({ activation, direction, spec, tensorParameters: [] }).slice(1);
    return [activation.vjp.x, ...names.map(({ name }) => activation.vjp.parameters[name] as Expression)];
  }
  return [...forwardRoots(activation.forward), ...Object.values(activation.forward.state ?? {})];
}

/** tfjs has no operations on words: noise is drawn by core, and uploaded. */
function noiseOfCall({ seed, spec }: KernelCall): Record<string, tf.Tensor> {
  if (!seed) return {};
  return { noise: tf.tensor(noiseOf(elementCount(spec.shape), seed), [...spec.shape], 'float32') };
}

/** The fields of a forward, those of the parts of y as one tensor. */
function joined({ activation, spec }: KernelCall, fields: readonly tf.Tensor[]): readonly tf.Tensor[] {
  const parts = activation.forward.y.length;
  const axis = partsAxis(parts, spec);
  if (axis === undefined) return fields;
  const whole = fields.slice(0, parts).map((part) => broadcastTo(part, spec.shape));
  // tfjs makes something else of tensors without elements
  const y = whole[0]?.size === 0 ? tf.zeros([...partedShape(parts, spec)]) : tf.concat(whole, axis);
  return [y, ...fields.slice(parts)];
}

/** Statistics keep axes of length 1 that a parameter's own shape may lack; constants lack all. */
function fit(tensor: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const wanted = shape.reduce((product, length) => product * length, 1);
  // a tensor of its own, never an input's: the engine would count one tensor twice
  return tensor.size === wanted ? tf.reshape(tensor, [...shape]) : broadcastTo(tensor, shape);
}
