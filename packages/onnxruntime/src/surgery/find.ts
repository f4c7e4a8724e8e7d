/** Finds the activations of a model. */
import { type Cone, conesOf } from './cones.ts';
import type { Model, ModelNode, Scope } from './model.ts';
import { type Recognised, recognise } from './recognise.ts';
import { indexScope, type ScopeIndex } from './scope-index.ts';

/** An activation in a model, spelled in one node or several. */
export interface Found {
  readonly index: ScopeIndex;
  readonly activation: Recognised;
  readonly input: string;
  readonly output: string;
  readonly nodes: readonly ModelNode[];
}

/** The indices of all scopes, those around before those inside. */
export function indexModel(model: Model): ReadonlyMap<Scope, ScopeIndex> {
  const indices = new Map<Scope, ScopeIndex>();
  for (const scope of model.scopes) {
    indices.set(scope, indexScope(model, scope, scope.parent && indices.get(scope.parent)));
  }
  return indices;
}

/** All activations, in the order of the model's scopes and of their last nodes. */
export function findActivations(indices: Iterable<ScopeIndex>): Found[] {
  return [...indices].flatMap(findInScope);
}

function findInScope(index: ScopeIndex): Found[] {
  const found: Found[] = [];
  const taken = new Set<ModelNode>();
  // from the end, so that x·hardSigmoid(x) is found before the hardSigmoid inside of it
  for (const node of [...index.scope.nodes].reverse()) {
    if (taken.has(node)) continue;
    const match = matchEndingIn(node, index, taken);
    if (!match) continue;
    for (const inner of match.nodes) taken.add(inner);
    found.push(match);
  }
  return found.reverse();
}

function matchEndingIn(node: ModelNode, index: ScopeIndex, taken: ReadonlySet<ModelNode>): Found | undefined {
  const slopes = node.operator === 'PRelu' && node.domain === '' && index.constant(node.inputs[1] ?? '') === undefined;
  if (slopes && node.inputs.length === 2 && node.outputs[0]) {
    const [input] = node.inputs as [string, string];
    return { index, activation: { name: 'prelu', parameters: {} }, input, output: node.outputs[0], nodes: [node] };
  }
  let match: Found | undefined;
  for (const cone of conesOf(node, index)) {
    if (cone.nodes.some((inner) => taken.has(inner)) || !mayStand(cone, index)) break;
    if (match && !mayBeMore(match, cone)) break;
    const activation = recognise(cone);
    if (activation && (!match || isOtherOfKind(activation, match.activation))) {
      match = { index, activation, input: cone.input, output: cone.output, nodes: cone.nodes };
    }
  }
  return match;
}

/** Clip(0.2·x + 0.5) ends in a hard sigmoid of 0.2·x, and is meant as one of x. */
const mayBeMore = ({ activation, nodes }: Found, cone: Cone): boolean =>
  activation.name === 'hardSigmoid' && cone.nodes.length <= nodes.length + 1;
const isOtherOfKind = (one: Recognised, other: Recognised): boolean =>
  one.name === other.name && one.parameters.slope !== other.parameters.slope;

/** Constants of a higher rank than 1 could give the output more axes than the input has. */
function mayStand({ nodes }: Cone, index: ScopeIndex): boolean {
  return nodes.every(({ inputs }) =>
    inputs.every((name) => index.constant(name) === undefined || (index.tensor(name)?.shape.length ?? 0) <= 1),
  );
}
