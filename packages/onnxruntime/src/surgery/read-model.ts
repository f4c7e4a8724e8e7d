/** Reads a model file into {@link Model}. */
import { mustBe } from '@isoact/core';
import { ModelError } from './errors.ts';
import type { AttributeView, Model, ModelNode, Scope, TensorView, ValueType } from './model.ts';
import { readTensor, readType } from './read-tensor.ts';
import {
  append,
  type Field,
  fieldsOf,
  type Range,
  readBody,
  readFloat,
  readFloats,
  readInteger,
  readIntegers,
  readText,
} from './wire.ts';

/** Graphs nest in If, Loop and Scan; deeper than this is no model but an attack. */
const deepestNesting = 32;

/** @throws ModelError where the bytes are no ONNX model. */
export function readModel(file: Uint8Array): Model {
  const scopes: Scope[] = [];
  const externalFiles = new Set<string>();
  const opsets = new Map<string, number>();
  const functions: Field[] = [];
  let irVersion = 0;
  let graph: Field | undefined;
  let opsetImport: Field | undefined;
  for (const part of fieldsOf(file, { start: 0, end: file.length })) {
    if (part.number === 1) irVersion = readInteger(file, part);
    else if (part.number === 7) {
      if (graph) throw new ModelError(mustBe('a model', 'of one graph', 'a second one'));
      graph = part;
    } else if (part.number === 8) {
      if (readOpset(file, readBody(part), opsets) === '') opsetImport = part;
    } else if (part.number === 25) functions.push(part);
  }
  if (!graph || irVersion < 1) {
    throw new ModelError(mustBe('the file', 'an ONNX model', graph ? 'without an IR version' : 'without a graph'));
  }
  const opset = opsets.get('') ?? 1;
  readScope({ field: graph, kind: 'graph', label: 'graph', path: [graph], parent: undefined, opset });
  for (const field of functions) {
    readScope({ field, kind: 'function', label: 'function', path: [field], parent: undefined, opset });
  }
  return { file, irVersion, opsets, opsetImport, scopes, externalFiles: [...externalFiles] };

  function readScope(
    place: Pick<Scope, 'kind' | 'label' | 'path' | 'parent' | 'opset'> & { readonly field: Field },
  ): Scope {
    const { field, kind, path, parent } = place;
    if (path.length > 4 * deepestNesting) {
      throw new ModelError(mustBe('the nesting of graphs', `at most ${deepestNesting} deep`, 'deeper'));
    }
    const inputs = new Set<string>();
    const outputs = new Set<string>();
    const initializers = new Map<string, TensorView>();
    const types = new Map<string, ValueType>();
    const valueInfo = new Map<string, Field>();
    const nodes: ModelNode[] = [];
    const nodeFields: Field[] = [];
    const own = new Map<string, number>();
    let label = place.label;

    const typed = (part: Field): string => {
      const { name, type } = readValueInfo(file, readBody(part));
      if (type) types.set(name, type);
      return name;
    };
    for (const part of fieldsOf(file, readBody(field))) {
      if (part.number === numbers[kind].node) nodeFields.push(part);
      else if (kind === 'function') {
        if (part.number === 1) label = `function ${readText(file, part)}`;
        else if (part.number === 4) inputs.add(readText(file, part));
        else if (part.number === 5) outputs.add(readText(file, part));
        else if (part.number === 9) readOpset(file, readBody(part), own);
        else if (part.number === 12) valueInfo.set(typed(part), part);
      } else if (part.number === 5) {
        const tensor = readTensor(file, part);
        initializers.set(tensor.name, tensor);
        note(tensor);
      } else if (part.number === 11) inputs.add(typed(part));
      else if (part.number === 12) outputs.add(typed(part));
      else if (part.number === 13) valueInfo.set(typed(part), part);
    }
    const scope: Scope = {
      kind,
      label,
      path,
      parent,
      opset: own.get('') ?? place.opset,
      nodes,
      inputs,
      outputs,
      initializers,
      types,
      valueInfo,
    };
    scopes.push(scope);
    for (const part of nodeFields) nodes.push(readNode(part, nodes.length, scope));
    return scope;
  }

  function readNode(field: Field, index: number, scope: Scope): ModelNode {
    const [inputs, outputs]: [string[], string[]] = [[], []];
    const attributes = new Map<string, AttributeView>();
    const captured: string[] = [];
    const graphs: { name: string; path: readonly Field[] }[] = [];
    let [name, operator, domain] = ['', '', ''];
    for (const part of fieldsOf(file, readBody(field))) {
      if (part.number === 1) inputs.push(readText(file, part));
      else if (part.number === 2) outputs.push(readText(file, part));
      else if (part.number === 3) name = readText(file, part);
      else if (part.number === 4) operator = readText(file, part);
      else if (part.number === 7) domain = readText(file, part);
      else if (part.number === 5) {
        const attribute = readAttribute(part);
        attributes.set(attribute.name, attribute.view);
        if (attribute.view.tensor) note(attribute.view.tensor);
        for (const inner of attribute.graphs) graphs.push({ name: attribute.name, path: [field, part, inner] });
      }
    }
    for (const inner of graphs) {
      const label = `${scope.label}/${name || outputs[0] || operator}/${inner.name}`;
      const path = [...scope.path, ...inner.path];
      const graph = path.at(-1) as Field;
      const read = readScope({ field: graph, kind: 'graph', label, path, parent: scope, opset: scope.opset });
      append(captured, namesIn(read));
    }
    if (domain === 'ai.onnx') domain = '';
    return { field, index, name, operator, domain, inputs, outputs, attributes, captured };
  }

  function readAttribute(field: Field): { name: string; view: AttributeView; graphs: Field[] } {
    const view: { -readonly [K in keyof AttributeView]: AttributeView[K] } = { reference: false };
    const [graphs, floats, integers]: [Field[], number[], number[]] = [[], [], []];
    let name = '';
    for (const part of fieldsOf(file, readBody(field))) {
      if (part.number === 1) name = readText(file, part);
      else if (part.number === 2) view.float = readFloat(file, part);
      else if (part.number === 3) view.integer = readInteger(file, part);
      else if (part.number === 4) view.text = lenientText(file, readBody(part));
      else if (part.number === 5) view.tensor = readTensor(file, part);
      else if (part.number === 6 || part.number === 11) graphs.push(part);
      else if (part.number === 7) append(floats, readFloats(file, part));
      else if (part.number === 8) append(integers, readIntegers(file, part));
      else if (part.number === 21) view.reference = true;
    }
    if (floats.length > 0) view.floats = floats;
    if (integers.length > 0) view.integers = integers;
    return { name, view, graphs };
  }

  function note({ externalFile }: TensorView): void {
    if (externalFile !== undefined) externalFiles.add(externalFile);
  }
}

/** Field numbers of GraphProto and FunctionProto. */
const numbers = { graph: { node: 1 }, function: { node: 7 } } as const;

/** The names that a graph reads: those of its own values too, which does no harm. */
const namesIn = (scope: Scope): readonly string[] => [
  ...scope.outputs,
  ...scope.nodes.flatMap(({ inputs, captured }) => [...inputs, ...captured]),
];

function readOpset(file: Uint8Array, range: Range, opsets: Map<string, number>): string {
  let [domain, version] = ['', 0];
  for (const part of fieldsOf(file, range)) {
    if (part.number === 1) domain = readText(file, part);
    else if (part.number === 2) version = readInteger(file, part);
  }
  if (domain === 'ai.onnx') domain = '';
  opsets.set(domain, version);
  return domain;
}

function readValueInfo(file: Uint8Array, range: Range): { name: string; type: ValueType | undefined } {
  let name = '';
  let type: ValueType | undefined;
  for (const part of fieldsOf(file, range)) {
    if (part.number === 1) name = readText(file, part);
    else if (part.number === 2) type = readType(file, readBody(part));
  }
  return { name, type };
}

/** Attributes of type string are bytes, of which only names are looked at. */
const lenientText = (file: Uint8Array, { start, end }: Range): string =>
  new TextDecoder().decode(file.subarray(start, Math.min(end, start + 256)));
