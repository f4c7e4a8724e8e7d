/** Which activations of a model are replaced, and by what. */
import { type Activation, mustBe, ParameterError, type Shape } from '@isoact/core';
import type { Form } from '../export/forms.ts';
import { type Arithmetic, checkArithmetic } from '../export/target.ts';
import type { Found } from './find.ts';

/** A parameter's values where it has axes of its own, such as `{ shape: [64, 1, 1], values }` per channel of NCHW. */
export interface ParameterTensor {
  readonly shape: Shape;
  readonly values: ArrayLike<number>;
}

/** What is known of an activation in a model. */
export interface FoundActivation {
  /** Its name in the catalogue, whatever it is spelled as. */
  readonly activation: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** The operators that spell it, in order. */
  readonly operators: readonly string[];
  /** The names of its nodes. */
  readonly nodes: readonly string[];
  /** The graph or function it is in. */
  readonly graph: string;
  readonly input: string;
  readonly output: string;
}

export interface ReplacementRule {
  /**
   * An operator (`'Relu'`), an activation however it is spelled (`'gelu'`), `'*'` for every activation that is found, or a
   * test of one.
   */
  readonly from: string | ((found: FoundActivation) => boolean);
  /** Of those: a node's name, or a pattern for it. */
  readonly node?: string | RegExp;
  /** Of those, in the order of the model: all unless given. */
  readonly position?: 'all' | 'first' | 'last' | readonly number[];
  readonly to: Activation;
  /** `accurate` unless given. */
  readonly form?: Form;
  /** As for {@link toOnnx}: `float32` unless given. */
  readonly arithmetic?: Arithmetic;
  /** The axis that an extent of `'channel'` keeps. */
  readonly channelAxis?: number;
  /** Values for parameters that are not to be the activation's own. */
  readonly parameters?: Readonly<Record<string, ParameterTensor>>;
  /** `inline` nodes unless given, or one node that calls a function of the model's own (IR version 8 or later). */
  readonly as?: 'inline' | 'function';
}

export const describeFound = ({ activation, nodes, index, input, output }: Found): FoundActivation => ({
  activation: activation.name,
  parameters: activation.parameters,
  operators: nodes.map(({ operator }) => operator),
  nodes: nodes.map(({ name, outputs }) => name || (outputs[0] ?? '')),
  graph: index.scope.label,
  input,
  output,
});

/** The rule for each activation that one applies to; the first rule that does is the one. */
export function choose(found: readonly Found[], rules: readonly ReplacementRule[]): Map<Found, ReplacementRule> {
  const chosen = new Map<Found, ReplacementRule>();
  for (const rule of rules) {
    checkRule(rule);
    const candidates = found.filter((entry) => !chosen.has(entry) && fits(rule, describeFound(entry)));
    for (const entry of atPositions(candidates, rule.position ?? 'all')) chosen.set(entry, rule);
  }
  return chosen;
}

function fits({ from, node }: ReplacementRule, found: FoundActivation): boolean {
  const isFrom =
    typeof from === 'function'
      ? from(found)
      : from === '*' || from === found.activation || (found.operators.length === 1 && from === found.operators[0]);
  if (!isFrom || node === undefined) return isFrom;
  return found.nodes.some((name) => (typeof node === 'string' ? name === node : name.search(node) >= 0));
}

function atPositions(
  found: readonly Found[],
  position: Exclude<ReplacementRule['position'], undefined>,
): readonly Found[] {
  if (position === 'all') return found;
  if (position === 'first') return found.slice(0, 1);
  if (position === 'last') return found.slice(-1);
  return position.flatMap((at) => {
    const entry = found.at(at);
    return entry ? [entry] : [];
  });
}

function checkRule({
  from,
  node,
  position = 'all',
  to,
  form = 'accurate',
  arithmetic,
  as = 'inline',
  parameters = {},
}: ReplacementRule): void {
  const check = (fit: boolean, subject: string, requirement: string, actual: unknown): void => {
    if (!fit) throw new ParameterError(mustBe(subject, requirement, actual));
  };
  check(typeof from === 'string' || typeof from === 'function', "a rule's from", 'a text or a function', from);
  check(
    node === undefined || typeof node === 'string' || node instanceof RegExp,
    "a rule's node",
    'a text or a RegExp',
    node,
  );
  const known = ['all', 'first', 'last'].includes(position as string);
  check(
    known || (Array.isArray(position) && position.every(Number.isInteger)),
    "a rule's position",
    '"all", "first", "last" or a list of integers',
    position,
  );
  check(typeof to === 'object' && to !== null && 'forward' in to, "a rule's to", 'an activation, such as velu()', to);
  check(form === 'native' || form === 'accurate', "a rule's form", '"native" or "accurate"', form);
  checkArithmetic(arithmetic);
  check(as === 'inline' || as === 'function', "a rule's as", '"inline" or "function"', as);
  for (const [name, { shape, values }] of Object.entries(parameters)) {
    check(Object.hasOwn(to.parameters, name), `a parameter of ${to.name}`, 'one of its own', name);
    const count = shape.reduce((product, length) => product * length, 1);
    check(values.length === count, `the values of ${name}`, `${count}, the product of their shape`, values.length);
  }
}
