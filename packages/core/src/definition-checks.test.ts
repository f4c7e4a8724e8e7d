import { describe, expect, test } from 'vitest';
import { checkDefinition } from './definition-checks.ts';
import {
  add,
  argument,
  count,
  type Expression,
  type Extent,
  greater,
  input,
  mean,
  mul,
  parameter,
  sigmoid,
  sum,
  vanishingProduct,
} from './expression/index.ts';
import { catalogue, choice, DefinitionError, defineActivation, fixed, type Limit, trainable } from './index.ts';

const unknown: Limit = { value: null, slope: null };
const limits = () => ({ negative: unknown, positive: unknown });

/** A definition called odd; what it throws when it is made. */
const odd = (contents: object): (() => unknown) => {
  const whole: object = { name: 'odd', limits, ...contents };
  return () => defineActivation(whole as Parameters<typeof defineActivation>[0]);
};

/** A node as one might write it by hand, of a kind that does not exist or with itself inside. */
const handmade = (contents: object): Expression => contents as Expression;

test.each(Object.entries(catalogue))('%s passes every check', (_, definition) => {
  checkDefinition<typeof definition.parameters, typeof definition.options>(definition as never);
});

test('a definition that is whole is accepted', () => {
  defineActivation({
    name: 'gated',
    parameters: { rate: trainable(1), floor: fixed(0.5, { atLeast: 0 }) },
    options: { mode: choice('plain', 'raised') },
    // a parameter that some options use alone is used
    forward: (x, { rate, floor }, { mode }) => {
      const y = vanishingProduct(x, sigmoid(mul(rate, x)));
      return mode === 'raised' ? { y: add(y, floor), penalty: mean(y, 'tensor') } : y;
    },
    limits: ({ rate }) => ({ negative: { value: null, slope: rate > 0 ? 0 : null }, positive: unknown }),
  });
});

describe('graphs', () => {
  const cycle = { kind: 'unary', name: 'exp', operand: null as unknown };
  cycle.operand = { kind: 'unary', name: 'negate', operand: cycle };

  test.each<[string, object, string]>([
    [
      'a parameter that is not declared',
      { forward: (x: Expression) => mul(x, add(1, parameter('scale'))) },
      `odd's y.right.right must be none where it is a parameter (was "scale"). Declare it.`,
    ],
    [
      'a cycle',
      { forward: (x: Expression) => mul(x, handmade(cycle)) },
      `odd's y.right.operand.operand must be free of cycles`,
    ],
    [
      'a node of a kind that does not exist',
      { forward: (x: Expression) => mul(mul(2, handmade({ kind: 'cosine', operand: x })), x) },
      `odd's y.left.right must be made by the constructors of @isoact/core/expression (was "cosine")`,
    ],
    [
      'a node that looks like one and was written by hand',
      { forward: (x: Expression) => mul(x, handmade({ ...sigmoid(x) })) },
      `odd's y.right must be made by the constructors`,
    ],
    ['no node at all', { forward: () => undefined }, `odd's y must be made by the constructors`],
    [
      'a number',
      { forward: () => ({ y: 1 }) },
      `odd's y must be made by the constructors of @isoact/core/expression (was 1)`,
    ],
    ['the argument of a library function', { forward: () => argument() }, `odd's y must be made by`],
    ['the upstream gradient', { forward: () => input('upstream') }, `odd's y must be "x" or "noise" (was "upstream")`],
    [
      'a penalty that has several values',
      { forward: (x: Expression) => ({ y: x, penalty: add(1, mean(x, 'row')) }) },
      `odd's penalty.right must be one number for the whole tensor (was "statistic"). Take a statistic over "tensor".`,
    ],
    [
      'a penalty that reads an element',
      { forward: (x: Expression) => ({ y: x, penalty: mul(sum(x, 'tensor'), x) }) },
      `odd's penalty.right must be one number for the whole tensor (was "input")`,
    ],
    [
      'a state that is no number per group',
      { forward: (x: Expression) => ({ y: x, state: { positive: greater(x, 0) } }) },
      `odd's state.positive must be a statistic, a count or a state (was "comparison")`,
    ],
    [
      'a graph of one option alone',
      {
        options: { mode: choice('plain', 'wrong') },
        forward: (x: Expression, _: object, { mode }: { mode: string }) =>
          mode === 'plain' ? x : mul(x, parameter('scale')),
      },
      `odd's y.right must be none where it is a parameter (was "scale")`,
    ],
  ])('%s is refused, with the path to it', (_, contents, message) => {
    expect(odd(contents)).toThrow(DefinitionError);
    expect(odd(contents)).toThrow(message);
  });

  test('what a penalty may be made of', () => {
    const extent: Extent = 'tensor';
    odd({
      parameters: { weight: fixed(2) },
      forward: (x: Expression, { weight }: { weight: Expression }) => ({
        y: x,
        penalty: mul(weight, add(count(greater(x, mean(x, 'row')), extent), mean(x, extent))),
      }),
    })();
  });
});

describe('settings', () => {
  const forward = (x: Expression, { scale }: { scale?: Expression }) => (scale ? mul(x, scale) : x);

  test.each<[string, object, string]>([
    [
      'a default that is not finite',
      { parameters: { scale: trainable(Number.NaN) }, forward },
      `odd's scale must be a finite number (was NaN)`,
    ],
    [
      'an infinite default',
      { parameters: { scale: fixed(Infinity) }, forward },
      `odd's scale must be a finite number (was Infinity)`,
    ],
    [
      'a default out of its domain',
      { parameters: { scale: fixed(0, { above: 0 }) }, forward },
      `odd's scale must be a finite number above 0 (was 0)`,
    ],
    [
      'a parameter that nothing reads',
      { parameters: { scale: fixed(1), spare: fixed(1) }, forward },
      `odd's parameters.spare must be read by the expression under some option (was "never read")`,
    ],
    [
      'a preset out of its domain',
      { parameters: { scale: fixed(1, { atMost: 1 }) }, presets: { large: { scale: 2 } }, forward },
      `odd's scale must be a finite number of at most 1 (was 2)`,
    ],
    [
      'a name that means something else',
      { parameters: { upstream: fixed(1) }, forward },
      `odd's parameters must be named otherwise than "x", "y", "upstream", "penalty", "upstreamPenalty", "noise" (was "upstream")`,
    ],
  ])('%s is refused', (_, contents, message) => {
    expect(odd(contents)).toThrow(message);
  });
});

describe('limits', () => {
  const swish = (x: Expression): Expression => vanishingProduct(x, sigmoid(x));
  const ends = (negative: Limit, positive: Limit) => () => ({ negative, positive });

  test.each<[string, object, string]>([
    [
      'a value at -∞',
      { forward: swish, limits: ends({ value: 1, slope: 0 }, unknown) },
      `odd's limits.negative.value must be what the expression gives there, 0 (was 1)`,
    ],
    [
      'a value at +∞',
      { forward: swish, limits: ends(unknown, { value: 1, slope: null }) },
      `odd's limits.positive.value must be what the expression gives there, Infinity (was 1)`,
    ],
    [
      'a slope',
      { forward: swish, limits: ends(unknown, { value: null, slope: 0 }) },
      `odd's limits.positive.slope must be what the expression gives there, 1 (was 0)`,
    ],
    [
      'a plain product, which is NaN at -∞',
      { forward: (x: Expression) => mul(x, sigmoid(x)), limits: ends({ value: 0, slope: null }, unknown) },
      `odd's limits.negative.value must be what the expression gives there, NaN (was 0)`,
    ],
    [
      'a limit that one option alone lacks',
      {
        options: { mode: choice('plain', 'doubled') },
        forward: (x: Expression, _: object, { mode }: { mode: string }) =>
          mode === 'plain' ? sigmoid(x) : mul(2, sigmoid(x)),
        limits: ends(unknown, { value: 1, slope: 0 }),
      },
      `odd's limits.positive.value must be what the expression gives there, 2 (was 1)`,
    ],
    [
      'a limit that a preset lacks',
      {
        parameters: { top: fixed(1) },
        presets: { high: { top: 3 } },
        forward: (x: Expression, { top }: { top: Expression }) => mul(top, sigmoid(x)),
        limits: ends(unknown, { value: 1, slope: 0 }),
      },
      `odd's limits.positive.value must be what the expression gives there, 3 (was 1)`,
    ],
  ])('%s that the expression does not have is refused', (_, contents, message) => {
    expect(odd(contents)).toThrow(message);
  });
});
