/**
 * Edits of a file of nested messages. All bytes outside of an edit are copied; where an edit changes the length of the
 * messages around it, their length prefixes are written anew.
 */
import { byteLength, headerOf } from '../onnx/wire-writer.ts';
import type { Field, Range } from './wire.ts';

/** Bytes in the place of a range; the range may be empty. */
export interface Edit extends Range {
  readonly bytes: Uint8Array;
  /** The messages around, outermost first. */
  readonly path: readonly Field[];
}

interface Frame {
  readonly field: Field | undefined;
  readonly edits: Edit[];
  readonly frames: Map<number, Frame>;
}

/** The pieces of the edited file, in order: most are views of the original. */
export function splice(file: Uint8Array, edits: readonly Edit[]): Uint8Array[] {
  const root: Frame = { field: undefined, edits: [], frames: new Map() };
  for (const edit of edits) {
    let frame = root;
    for (const field of edit.path) {
      let inner = frame.frames.get(field.start);
      if (!inner) {
        inner = { field, edits: [], frames: new Map() };
        frame.frames.set(field.start, inner);
      }
      frame = inner;
    }
    frame.edits.push(edit);
  }
  return pieces(file, root, { start: 0, end: file.length });
}

function pieces(file: Uint8Array, frame: Frame, { start, end }: Range): Uint8Array[] {
  const changes = [
    ...frame.edits.map((edit) => ({ start: edit.start, end: edit.end, bytes: [edit.bytes] })),
    ...[...frame.frames.values()].map((inner) => {
      const field = inner.field as Field; // only the root has none
      return { start: field.start, end: field.end, bytes: framed(file, inner, field) };
    }),
  ].sort((a, b) => a.start - b.start || a.end - b.end);

  const result: Uint8Array[] = [];
  let position = start;
  for (const change of changes) {
    if (change.start < position) throw new RangeError('edits must not overlap');
    result.push(file.subarray(position, change.start), ...change.bytes);
    position = change.end;
  }
  result.push(file.subarray(position, end));
  return result.filter((piece) => piece.length > 0);
}

/** A message with edits inside, behind its tag and new length. */
function framed(file: Uint8Array, frame: Frame, field: Field): Uint8Array[] {
  const body = pieces(file, frame, { start: field.body, end: field.end });
  const length = byteLength(body);
  const header =
    length === field.end - field.body ? file.subarray(field.start, field.body) : headerOf(field.number, length);
  return [header, ...body];
}
