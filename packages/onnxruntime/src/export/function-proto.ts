/** An activation as a function of a model's own: one node that bears its name and its parameters as attributes. */
import { create } from '@bufbuild/protobuf';
import { type Activation, DefinitionError, mustBe } from '@isoact/core';
import {
  type FunctionProto,
  FunctionProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
} from 'onnx-buf';
import { activationGraph, type Direction, type GraphSpec, parameterInput } from './activation-graph.ts';
import { attributeProto } from './attribute-proto.ts';

/** The domain of the functions. */
export const functionDomain = 'isoact';

export type FunctionSpec = Omit<GraphSpec, 'parameters' | 'parameterValues' | 'constants' | 'prefix' | 'dtype'>;

/** @param name the function's; two settings of an activation's options are two functions */
export function functionProto(
  activation: Activation,
  direction: Direction,
  name: string,
  spec: FunctionSpec,
): FunctionProto {
  if (Object.keys(spec.parameterShapes ?? {}).length > 0) {
    throw new DefinitionError(
      mustBe(`the parameters of the function ${name}`, 'scalars', 'tensors', 'Write the nodes inline.'),
    );
  }
  const parts = activationGraph(activation, direction, {
    ...spec,
    dtype: 'any',
    parameters: 'attributes',
    constants: 'nodes',
    prefix: '',
  });
  return create(FunctionProtoSchema, {
    name,
    domain: functionDomain,
    docString: `${activation.name}, ${direction === 'forward' ? 'forward' : 'the vector-Jacobian product'}`,
    input: parts.inputs.map((input) => input.name),
    output: parts.outputs.map((output) => output.name),
    attribute: usedAttributes(parts.nodes, activation),
    node: [...parts.nodes],
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(spec.opset) })],
  });
}

/** A call of the function, with the parameters that it reads. */
export const functionCall = (
  called: FunctionProto,
  node: { readonly name: string; readonly inputs: readonly string[]; readonly outputs: readonly string[] },
  { parameters }: Activation,
): NodeProto =>
  create(NodeProtoSchema, {
    name: node.name,
    opType: called.name,
    domain: called.domain,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(parameters).flatMap(([name, value]) =>
      called.attribute.includes(parameterInput(name)) ? [attributeProto(parameterInput(name), value)] : [],
    ),
  });

/** Names without defaults: those came with IR version 9. */
function usedAttributes(nodes: readonly NodeProto[], { parameters }: Activation): string[] {
  const read = new Set(nodes.flatMap(({ attribute }) => attribute.map(({ refAttrName }) => refAttrName)));
  return Object.keys(parameters)
    .map(parameterInput)
    .filter((name) => read.has(name));
}
