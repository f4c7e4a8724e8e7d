import { describe, expect, test } from 'vitest';
import { constant } from '../expression/build.ts';
import { float64Functions } from '../expression/by-name.ts';
import { type Expression, type FunctionName, type Node, topologicalOrder } from '../expression/node.ts';
import { mapOperands } from '../expression/rewrite.ts';
import { mapValues } from '../records.ts';
import accuracy from './accuracy.json' with { type: 'json' };
import { emulate } from './emulator.ts';
import { fingerprint } from './fingerprint.ts';
import { float32Library } from './library.ts';
import { rangedLibrary } from './ranged.ts';
import { sweep, ulpsBetween, worstOver } from './ulp.ts';

/** The body with another number in the place of one of its constants. */
function withConstant(body: Expression, target: Node, change: (value: number) => number): Expression {
  const done = new Map<Node, Node>();
  const rebuild = <T extends Node>(node: T): T => {
    let result = done.get(node);
    if (!result) {
      const isTarget = node === target && node.kind === 'constant';
      result = isTarget ? constant(change(node.value)) : mapOperands(node, rebuild);
      done.set(node, result);
    }
    return result as T; // an expression is rebuilt as an expression, a predicate as a predicate
  };
  return rebuild(body);
}

describe.each(Object.entries(float32Library) as [FunctionName, Expression][])('%s', (name, body) => {
  const compute = emulate(body, float32Library);
  const truth = (t: number): number => float64Functions[name](t);

  test('is within 2 ulp of the truth', () => {
    expect(worstOver(compute, truth, sweep(100_000)).ulps).toBeLessThanOrEqual(2);
  });

  test('is seen not to be where a coefficient is off by less than a hundredth', () => {
    const constants = topologicalOrder([body]).filter((node) => node.kind === 'constant' && node.value !== 0);
    const isSeen = (node: Node): boolean => {
      const off = emulate(
        withConstant(body, node, (value) => value * (1 + 2 ** -7)),
        float32Library,
      );
      return worstOver(off, truth, sweep(5_000)).ulps > 2;
    };
    // the others are bounds with room beyond them, and the last term of a polynomial
    expect(constants.filter(isSeen).length).toBeGreaterThan(constants.length / 2);
  });

  test.each([NaN, Infinity, -Infinity, 0, 2 ** -149, -(2 ** -149), 3.4028234663852886e38, -3.4028234663852886e38])(
    'is the limit at %f',
    (t) => {
      expect(ulpsBetween(compute(t), truth(t))).toBeLessThanOrEqual(2);
    },
  );

  test('keeps the sign of zero', () => {
    if (truth(0) === 0) expect(compute(-0)).toBe(-0);
  });
});

/** What `tooling/numerics/exhaustive.ts` found for each of the 2^32 arguments. */
interface Found {
  readonly body: string;
  readonly tried: number;
  readonly exact: { readonly ulps: number; readonly nan: number; readonly sign: number };
  readonly contracted: { readonly ulps: number };
}

const record: Readonly<Record<string, Found>> = accuracy;

/** How many float32 numbers lie from a bound to 0 of its sign, both included; none where 0 is the bound itself. */
const patternsTo = (bound: number): number =>
  bound === 0 ? 0 : (new Uint32Array(Float32Array.of(Math.abs(bound)).buffer)[0] as number) + 1;

const bodies: Readonly<Record<string, { readonly body: Expression; readonly arguments: number }>> = {
  ...mapValues(float32Library, (body) => ({ body, arguments: 2 ** 32 })),
  ...Object.fromEntries(
    rangedLibrary.map(({ name, from, to, body }) => [
      `${name} from ${from} to ${to}`,
      { body, arguments: patternsTo(from) + patternsTo(to) },
    ]),
  ),
};

test.each(Object.entries(bodies))(
  '%s was tried with every argument, as its body is now',
  (name, { body, arguments: all }) => {
    const found = record[name];
    expect(found?.body).toBe(fingerprint(body));
    expect(found?.tried).toBe(all);
    expect(Math.max(found?.exact.ulps ?? Number.NaN, found?.contracted.ulps ?? Number.NaN)).toBeLessThanOrEqual(2);
    // e^t - 1 of a negative t gives +0 for -0
    expect([found?.exact.nan, found?.exact.sign]).toEqual([0, name.startsWith('expm1 from') ? 1 : 0]);
  },
);
