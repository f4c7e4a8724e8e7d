/** The oracle's gradients against differences of its own values, away from kinks; and the rules no activation uses. */
import { describe, expect, test } from 'vitest';
import { drawsNoise } from '../graph/roots.ts';
import { type Activation, createReferenceBackend, elementCount, stateShapes, type TensorSpec } from '../index.ts';
import { ruleProbe } from './golden/rule-probe.ts';
import { createRandom } from './random.ts';
import { testedActivations } from './subjects.ts';

const spec = { shape: [3, 5], dtype: 'float64', channelAxis: 1 } as const satisfies TensorSpec;
const length = 15;

/** Points that keep their distance from every place where a formula changes. */
function pointsAwayFrom(places: readonly number[], random: ReturnType<typeof createRandom>): Float64Array {
  return Float64Array.from({ length }, () => {
    for (;;) {
      const x = 2 * random.normal();
      if (places.every((place) => Math.abs(x - place) > 0.05)) return x;
    }
  });
}

async function check(activation: Activation): Promise<void> {
  const random = createRandom(7, JSON.stringify([activation.name, activation.options, activation.parameters]));
  const compiled = await createReferenceBackend().compile(activation, spec);
  const x = pointsAwayFrom([0, ...activation.kinks.map(({ at }) => at), ...activation.breakpoints], random);
  const upstream = Float64Array.from({ length: elementCount(compiled.outputs.y?.shape ?? []) }, () => random.normal());
  const penalty = random.normal();
  const state = {
    ...Object.fromEntries(
      Object.entries(stateShapes(activation, spec)).map(([name, shape]) => [
        name,
        new Float64Array(elementCount(shape)).fill(random.integer(3)),
      ]),
    ),
    ...(drawsNoise(activation) && { seed: Uint32Array.of(7, 0) }),
  };
  const loss = async (at: Float64Array, parameters = {}): Promise<number> => {
    const result = await compiled.forward({ x: at, parameters, state });
    let total = penalty * (result.penalty ?? 0);
    for (const [index, y] of result.y.entries()) total += y * (upstream[index] as number);
    return total;
  };
  /** Five points, so that the error is of the order h⁴. */
  const difference = async (at: (h: number) => Promise<number>): Promise<number> => {
    const h = 1e-3;
    const [a, b, c, d] = [await at(-2 * h), await at(-h), await at(h), await at(2 * h)];
    return (a - 8 * b + 8 * c - d) / (12 * h);
  };
  const gradient = await compiled.vjp({ x, upstream: { y: upstream, penalty }, state });
  for (let index = 0; index < length; index++) {
    const numeric = await difference((h) => loss(x.map((value, k) => (k === index ? value + h : value))));
    expect(gradient.x[index], `x[${index}] = ${x[index]}`).toBeCloseTo(numeric, 7);
  }
  for (const name of activation.trainable) {
    const usual = activation.parameters[name] as number;
    const numeric = await difference((h) => loss(x, { [name]: Float64Array.of(usual + h) }));
    expect(gradient.parameters[name]?.[0], name).toBeCloseTo(numeric, 7);
  }
}

describe('gradients are the differences of values', () => {
  for (const { name, activation, variants } of testedActivations()) {
    test(name, () => check(activation));
    for (const { label, activation: variant } of variants) {
      // what is taken for a constant has no difference to compare with
      if (variant.options.detachStatistic === true) continue;
      test(`${name} ${label}`, () => check(variant));
    }
  }
  test('every rule that the catalogue does not use', () => check(ruleProbe()));
});
