/** Tensors of several parts taken apart and put together, each part in the order of x. */
import type { TensorSpec } from '../adapter.ts';
import type { Activation } from '../definition.ts';
import { elementCount } from '../graph/geometry.ts';
import { placeInParts, placementOf } from '../graph/parts.ts';

export function splitParts<T extends Float64Array | Float32Array | Uint16Array>(
  values: T,
  activation: Activation,
  spec: TensorSpec,
): T[] {
  const parts = activation.forward.y.length;
  if (parts === 1) return [values];
  const placement = placementOf(parts, spec);
  return Array.from({ length: parts }, (_, part) => {
    const own = values.slice(0, values.length / parts) as T;
    return own.map((_, index) => values[placeInParts(index, part, placement)] as number) as T;
  });
}

export function joinParts(fields: readonly ArrayLike<number>[], spec: TensorSpec): Float64Array {
  const placement = placementOf(fields.length, spec);
  const values = new Float64Array(fields.length * elementCount(spec.shape));
  for (const [part, field] of fields.entries()) {
    for (let index = 0; index < field.length; index++)
      values[placeInParts(index, part, placement)] = field[index] as number;
  }
  return values;
}
