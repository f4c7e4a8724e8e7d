/** What makes a definition contradict itself. Each message has the path to the node that is wrong, from the formula down. */
import type { Activation, Limit } from './activation.ts';
import type { ActivationDefinition } from './definition.ts';
import { anyOf, DefinitionError, refuse } from './errors.ts';
import { type Expression, isInterned, isNode, type Node } from './expression/node.ts';
import { upstreamPenalty } from './graph/differentiate.ts';
import { mapValues } from './records.ts';
import { evaluate } from './reference/interpreter.ts';
import { checkSetting, type Options, type Parameters } from './settings.ts';

/** What a backend's inputs and outputs are called besides parameters. */
const reserved: readonly string[] = ['x', 'y', 'upstream', 'penalty', upstreamPenalty, 'noise'];

/** Throws: `name's path must be requirement (was actual). Remedy.` */
function refuseAt(name: string, path: string, requirement: string, actual: unknown, remedy?: string): never {
  refuse(DefinitionError, `${name}'s ${path}`, requirement, actual, remedy);
}

/** Parameters and state go in and come out beside the backend's own, and under their names. */
function checkNames(name: string, room: string, entries: object): void {
  const taken = Object.keys(entries).find((key) => reserved.includes(key));
  const others = reserved.map((each) => JSON.stringify(each)).join(', ');
  if (taken !== undefined) refuseAt(name, room, `named otherwise than ${others}`, taken);
}

/**
 * Looks at a definition with its default settings, each of its presets, and each example of each option.
 * @throws DefinitionError where the definition contradicts itself.
 */
export function checkDefinition<P extends Parameters, O extends Options>(definition: ActivationDefinition<P, O>): void {
  const { activationName: name, parameters, options, presets } = definition;
  for (const [key, declaration] of Object.entries({ ...parameters, ...options })) {
    checkSetting(name, key, declaration.default, declaration, DefinitionError);
  }
  checkNames(name, 'parameters', parameters);
  const variants = Object.entries(options).flatMap(([option, { examples }]) =>
    examples.map((value): object => ({ [option]: value })),
  );
  const used = new Set<string>();
  for (const settings of [{}, ...Object.values(presets), ...variants]) {
    const activation = definition(settings as never); // its own, whatever they are
    checkGraph(activation, used);
    checkLimits(activation);
  }
  for (const key of Object.keys(parameters)) {
    if (!used.has(key)) {
      refuseAt(name, `parameters.${key}`, 'read by the expression under some option', 'never read', 'Remove it.');
    }
  }
}

/**
 * Checks that the nodes are made by the constructors, that there is no cycle and no parameter that is not declared, that
 * a penalty is one number, and that states are one number per group.
 *
 * @param used receives the names of the parameters that are read.
 */
function checkGraph({ name, parameters, forward }: Activation, used: Set<string>): void {
  const { y, penalty, state = {} } = forward;
  const open = new Set<unknown>();
  const done = new Set<unknown>();

  /** `single` where the value must be one number for the whole tensor. */
  const visit = (node: unknown, path: string, single: boolean): void => {
    if (done.has(node) && !single) return;
    if (open.has(node)) refuseAt(name, path, 'free of cycles', node);
    open.add(node);
    for (const [field, operand] of Object.entries(node ?? {})) {
      if (isNode(operand)) visit(operand, `${path}.${field}`, single && !isGroup(node));
    }
    open.delete(node);
    done.add(node);
    if (!isInterned(node) || node.kind === 'argument') {
      refuseAt(name, path, 'made by the constructors of @isoact/core/expression', isNode(node) ? node.kind : node);
    }
    if (node.kind === 'parameter') {
      if (!Object.hasOwn(parameters, node.name)) {
        refuseAt(name, path, `${anyOf(Object.keys(parameters))} where it is a parameter`, node.name, 'Declare it.');
      }
      used.add(node.name);
    }
    if (node.kind === 'input' && node.name === 'upstream') refuseAt(name, path, '"x" or "noise"', node.name);
    if (single && (isGroup(node) ? node.extent !== 'tensor' : node.kind === 'input')) {
      refuseAt(name, path, 'one number for the whole tensor', node.kind, 'Take a statistic over "tensor".');
    }
  };

  if (y.length === 0) refuseAt(name, 'y', 'one part or more', y);
  for (const [part, node] of y.entries()) visit(node, y.length > 1 ? `y[${part}]` : 'y', false);
  if (penalty) visit(penalty, 'penalty', true);
  checkNames(name, 'state', state);
  for (const [key, node] of Object.entries(state)) {
    visit(node, `state.${key}`, false);
    if (!isGroup(node)) refuseAt(name, `state.${key}`, 'a statistic, a count or a state', node.kind);
  }
}

const isGroup = (node: unknown): node is Extract<Node, { kind: 'statistic' | 'count' | 'state' }> =>
  isNode(node) && (node.kind === 'statistic' || node.kind === 'count' || node.kind === 'state');

/** Checks that the formula and its derivative have the limits that are declared, for an element that is alone. */
function checkLimits(activation: Activation): void {
  const { name, limits, forward } = activation;
  const parameters = { ...mapValues(activation.parameters, (value) => [value]), [upstreamPenalty]: [0] };
  for (const [side, end] of [
    ['negative', -Infinity],
    ['positive', Infinity],
  ] as const) {
    const check = (part: keyof Limit, expression: () => Expression): void => {
      const declared = limits[side][part];
      if (declared === null) return;
      const inputs = { x: [end], upstream: [1], noise: [0.5] };
      const [field] = evaluate([expression()], { shape: [1], channelAxis: 0 }, { inputs, parameters, state: {} });
      const actual = field?.(0) as number; // of the one root
      if (actual === declared || Math.abs(actual - declared) <= 1e-12 * Math.abs(declared)) return;
      refuseAt(name, `limits.${side}.${part}`, `what the expression gives there, ${actual}`, declared);
    };
    check('value', () => forward.y[0]);
    check('slope', () => activation.vjp.x);
  }
}
