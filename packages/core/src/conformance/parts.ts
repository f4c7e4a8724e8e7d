/** Tensors of several parts taken apart and put together, each part in the order of x. */
import type { TensorSpec } from '../adapter.ts';
import type { Activation } from '../definition.ts';
import { elementCount, type Layout } from '../graph/geometry.ts';
import { placeInParts, placementOf } from '../graph/parts.ts';

export function splitParts<T extends Float64Array | Float32Array | Uint16Array>(
  values: T,
  activation: Activation,
  spec: TensorSpec,
): T[] {
  const parts = activation.forward.y.length;
  if (parts === 1) return [values];
  return Array.from({ length: parts }, (_, part) =>
    takePart(values.slice(0, values.length / parts) as T, values, part, parts, spec),
  );
}

/** The array, filled with the values of one of the parts. */
export function takePart<T extends { [index: number]: number }>(
  own: T,
  values: ArrayLike<number>,
  part: number,
  parts: number,
  layout: Layout,
): T {
  eachBlock(parts, layout, part, (place, index, length) => {
    for (let k = 0; k < length; k++) (own as { [index: number]: number })[index + k] = values[place + k] as number;
  });
  return own;
}

export function joinParts(fields: readonly ArrayLike<number>[], spec: TensorSpec): Float64Array {
  const values = new Float64Array(fields.length * elementCount(spec.shape));
  for (const [part, field] of fields.entries()) {
    eachBlock(fields.length, spec, part, (place, index, length) => {
      for (let k = 0; k < length; k++) values[place + k] = field[index + k] as number;
    });
  }
  return values;
}

/** Visits the blocks of one part, whose elements lie beside each other: where each begins in y and in x. */
function eachBlock(
  parts: number,
  layout: Layout,
  part: number,
  visit: (place: number, index: number, length: number) => void,
): void {
  const placement = placementOf(parts, layout);
  const { block } = placement;
  const length = elementCount(layout.shape);
  for (let index = 0; index < length; index += block) visit(placeInParts(index, part, placement), index, block);
}
