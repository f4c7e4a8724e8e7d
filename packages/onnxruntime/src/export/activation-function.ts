/** An activation as a function of a model's own: one node that bears its name and its parameters as attributes. */
import { type Activation, mustBe, ParameterError } from '@isoact/core';
import type { FunctionMessage, NodeMessage } from '../onnx/messages.ts';
import { activationGraph, type Direction, type GraphSpec, parameterInput } from './activation-graph.ts';

/** The domain of the functions. */
export const functionDomain = 'isoact';

export type FunctionSpec = Omit<GraphSpec, 'parameters' | 'parameterValues' | 'constants' | 'prefix' | 'dtype'>;

/** @param name the function's; two settings of an activation's options are two functions */
export function activationFunction(
  activation: Activation,
  direction: Direction,
  name: string,
  spec: FunctionSpec,
): FunctionMessage {
  if (Object.keys(spec.parameterShapes ?? {}).length > 0) {
    throw new ParameterError(
      mustBe(`the parameters of the function ${name}`, 'scalars', 'tensors', 'Write the nodes inline.'),
    );
  }
  const { nodes, inputs, outputs } = activationGraph(activation, direction, {
    ...spec,
    dtype: 'any',
    parameters: 'attributes',
    constants: 'nodes',
    prefix: '',
  });
  return {
    name,
    domain: functionDomain,
    documentation: `${activation.name}, ${direction === 'forward' ? 'forward' : 'the vector-Jacobian product'}`,
    inputs: inputs.map((input) => input.name),
    outputs: outputs.map((output) => output.name),
    // names without defaults: those came with IR version 9
    attributes: Object.keys(activation.parameters).map(parameterInput).filter(isReadBy(nodes)),
    nodes,
    opset: spec.opset,
  };
}

const isReadBy = (nodes: readonly NodeMessage[]): ((name: string) => boolean) => {
  const read = new Set<string>();
  for (const { attributes = {} } of nodes) {
    for (const value of Object.values(attributes)) {
      if (typeof value === 'object' && 'attribute' in value) read.add(value.attribute);
    }
  }
  return (name) => read.has(name);
};

/** A call of the function, with the parameters that it reads. */
export const functionCall = (
  { name: operator, domain, attributes }: FunctionMessage,
  place: Pick<NodeMessage, 'name' | 'inputs' | 'outputs'>,
  { parameters }: Activation,
): NodeMessage => ({
  ...place,
  operator,
  domain,
  attributes: Object.fromEntries(
    Object.entries(parameters)
      .map(([name, value]) => [parameterInput(name), value] as const)
      .filter(([name]) => attributes.includes(name)),
  ),
});
