/** Puts activations in the place of others in any model, and leaves every other byte as it is. */
import { mustBe, ParameterError, UnsupportedError } from '@isoact/core';
import { functionDomain } from '../export/activation-function.ts';
import { encodeFields, encodeOpset } from '../onnx/encode.ts';
import type { FunctionMessage } from '../onnx/messages.ts';
import { byteLength, joined } from '../onnx/wire-writer.ts';
import { type Found, findActivations, indexModel } from './find.ts';
import { functionFields, initializerFields, insertionFor, nodeFields } from './insert.ts';
import type { Model } from './model.ts';
import { namesOf } from './names.ts';
import { orphansOf } from './orphans.ts';
import { opsetEdit } from './raise-opset.ts';
import { readModel } from './read-model.ts';
import { choose, describeFound, type FoundActivation, type ReplacementRule } from './rules.ts';
import { type Edit, splice } from './splice.ts';
import type { Field } from './wire.ts';

export interface Replacement extends FoundActivation {
  /** The name of the activation that stands there now. */
  readonly to: string;
  /** What a person should know about it. */
  readonly notes: readonly string[];
}

export interface ReplacementReport {
  readonly replaced: readonly Replacement[];
  /** What a rule chose and what is the same activation already. */
  readonly unchanged: readonly FoundActivation[];
  /** What was found, and no rule chose. */
  readonly kept: readonly FoundActivation[];
  /** Files beside the model that its tensors lie in; they are not read, and must stay beside it. */
  readonly externalFiles: readonly string[];
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

export interface ReplacementResult {
  readonly model: Uint8Array<ArrayBuffer>;
  readonly report: ReplacementReport;
}

/**
 * Replaces activations of an ONNX model.
 *
 * @example
 * ```ts
 * const { model, report } = replaceActivations(bytes, [{ from: 'relu', to: velu() }]);
 * ```
 * @throws ModelError where the bytes are no model, ShapeError where a statistic needs a rank that the model does not
 * tell, UnsupportedError where its opset is too old.
 */
export function replaceActivations(file: Uint8Array, rules: readonly ReplacementRule[]): ReplacementResult {
  const { pieces, report } = planReplacement(file, rules);
  return { model: joined(pieces), report };
}

/** The edited file in pieces, most of which are views of the original. */
export function planReplacement(
  file: Uint8Array,
  rules: readonly ReplacementRule[],
): { readonly pieces: readonly Uint8Array[]; readonly report: ReplacementReport } {
  if (!(file instanceof Uint8Array)) throw new ParameterError(mustBe('the model', 'a Uint8Array', file));
  const model = readModel(file);
  const found = findActivations(indexModel(model).values());
  const chosen = choose(found, rules);
  const changes = [...chosen].filter(([entry, rule]) => !isSame(entry, rule));
  const names = namesOf(model);
  const functions: FunctionMessage[] = [];
  const edits: Edit[] = [];
  const replaced: Replacement[] = [];
  let opset = model.opsets.get('') ?? 0;
  for (const [entry, rule] of changes) {
    const { notes, edits: own, needed } = replacementEdits(model, entry, rule, names.prefix(rule.to.name), functions);
    edits.push(...own);
    if (entry.index.scope.kind === 'graph' && needed > opset) {
      opset = needed;
      edits.push(...opsetEdit(model, opset));
    }
    replaced.push({ ...describeFound(entry), to: rule.to.name, notes });
  }
  edits.push(
    ...orphansOf(
      model,
      changes.map(([entry]) => entry),
    ),
    ...functionEdits(model, functions),
  );
  const pieces = splice(file, edits);
  const of = (list: readonly Found[]): readonly FoundActivation[] => list.map(describeFound);
  return {
    pieces,
    report: {
      replaced,
      unchanged: of([...chosen].filter(([entry, rule]) => isSame(entry, rule)).map(([entry]) => entry)),
      kept: of(found.filter((entry) => !chosen.has(entry))),
      externalFiles: model.externalFiles,
      bytesBefore: file.length,
      bytesAfter: byteLength(pieces),
    },
  };
}

/** Whether the activation that is to come is the one that is there, and nobody asked for another form of it. */
function isSame({ activation }: Found, { to, parameters, form }: ReplacementRule): boolean {
  if (parameters || to.name !== activation.name || form === 'accurate') return false;
  const names = Object.keys(to.parameters);
  return names.every((name) => {
    const [own, other] = [to.parameters[name] as number, activation.parameters[name]];
    return other !== undefined && Math.abs(own - other) <= 1e-6 * Math.abs(own);
  });
}

function replacementEdits(
  model: Model,
  found: Found,
  rule: ReplacementRule,
  prefix: string,
  functions: FunctionMessage[],
): { readonly edits: readonly Edit[]; readonly notes: readonly string[]; readonly needed: number } {
  const { scope } = found.index;
  if (rule.as === 'function' && model.irVersion < 8) {
    throw new UnsupportedError(
      mustBe('the IR version of a model with functions', 'at least 8', model.irVersion, 'Insert the nodes inline.'),
    );
  }
  const insertion = insertionFor(found, rule, { prefix, model, functions });
  const [last, ...inner] = [...found.nodes].reverse();
  const edits: Edit[] = inner.map(({ field }) => ({ ...rangeOf(field), bytes: new Uint8Array(), path: scope.path }));
  if (last) edits.push({ ...rangeOf(last.field), bytes: nodeFields(insertion.nodes, scope.kind), path: scope.path });
  if (insertion.initializers.length > 0) {
    const { end } = scope.path.at(-1) as Field; // a scope lies in a field
    edits.push({ start: end, end, bytes: initializerFields(insertion.initializers), path: scope.path });
  }
  const { opset: needed } = insertion;
  const notes = needed > scope.opset ? [`the model's opset is raised from ${scope.opset} to ${needed}`] : [];
  return { edits, notes: [...notes, ...insertion.notes, ...quantisationNotes(found)], needed };
}

const rangeOf = ({ start, end }: { readonly start: number; readonly end: number }) => ({ start, end });

/** The scale of a QuantizeLinear behind an activation was found for the activation that was there. */
function quantisationNotes({ index, output }: Found): readonly string[] {
  const reader = index.scope.nodes.find(
    ({ operator, inputs }) => operator === 'QuantizeLinear' && inputs[0] === output,
  );
  return reader
    ? [`${reader.name || 'a QuantizeLinear'} behind it keeps a scale that was found for the old activation`]
    : [];
}

/** New functions, and the import of their domain. */
function functionEdits(model: Model, functions: readonly FunctionMessage[]): Edit[] {
  if (functions.length === 0) return [];
  const end = model.file.length;
  const imported = model.opsets.has(functionDomain);
  const addition = imported ? new Uint8Array() : encodeFields(8, [encodeOpset(functionDomain, 1)]);
  return [{ start: end, end, bytes: joined([addition, functionFields(functions)]), path: [] }];
}
