/**
 * A later version of the operators for a model that is too old for what it is to get. Only a version in which all that
 * the model has means the same will do: nothing is converted.
 */
import { mustBe, UnsupportedError } from '@isoact/core';
import { oldestOpset } from '../export/opset.ts';
import { encodeFields, encodeOpset } from '../onnx/encode.ts';
import type { Model, ModelNode } from './model.ts';
import type { Edit } from './splice.ts';

/** From here up to `oldestOpset` three operators changed their meaning; before, nearly all broadcast in another way. */
const oldestToRaise = 7;

const changes = ({ operator, domain, attributes }: ModelNode): boolean =>
  domain === '' &&
  (operator === 'Upsample' || operator === 'Scan' || (operator === 'BatchNormalization' && attributes.has('spatial')));

/** The opset that nodes can be written for, in the place of an older one. @throws UnsupportedError where there is none. */
export function raised(opset: number, model: Model): number {
  if (opset >= oldestOpset) return opset;
  const obstacle = model.scopes.flatMap(({ nodes }) => nodes).find(changes);
  if (opset < oldestToRaise || obstacle) {
    const because = obstacle ? `${opset}, with ${obstacle.operator}, which changed since` : opset;
    throw new UnsupportedError(
      mustBe('the opset of the model', `at least ${oldestOpset}`, because, 'Convert the model first.'),
    );
  }
  return oldestOpset;
}

/** The import of the default domain, in that version. */
export function opsetEdit({ opsetImport }: Model, version: number): Edit[] {
  if (!opsetImport) return [];
  const { start, end } = opsetImport;
  return [{ start, end, bytes: encodeFields(8, [encodeOpset('', version)]), path: [] }];
}
