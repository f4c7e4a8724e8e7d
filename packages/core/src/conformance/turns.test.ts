/** What a full run asks by turns, and what everybody is asked together. */
import { describe, expect, test } from 'vitest';
import { defaultSeed } from './index.ts';
import { makeCases } from './make-cases.ts';
import type { Direction } from './oracle/oracle.ts';
import { testedActivations } from './subjects.ts';

const tested = testedActivations();
const seeds = [defaultSeed, 1, 2, 3];
const ownForms = ['velu', 'adaRelu', 'crelu'];

/** Names of the cases of a group, by activation. */
function asked(dtype: 'float32' | 'float16', direction: Direction, group: string, seed: number): [string, string[]][] {
  return tested.map((each) => {
    const cases = makeCases(each, direction, dtype, { quick: false, huge: false, seed });
    const own = [...cases].filter((entry) => entry.group === group);
    return [each.name, own.map(({ id }) => id.split(`/${group}/${direction}/`)[1] as string)];
  });
}
const together = (all: readonly [string, string[]][], pattern: RegExp): string[] =>
  [...new Set(all.flatMap(([, names]) => names.filter((name) => pattern.test(name))))].sort();

describe.each(seeds)('with seed %i', (seed) => {
  const layouts = {
    float32: { forward: asked('float32', 'forward', 'layout', seed), vjp: asked('float32', 'vjp', 'layout', seed) },
    float16: { forward: asked('float16', 'forward', 'layout', seed), vjp: asked('float16', 'vjp', 'layout', seed) },
  };

  test('float32 is asked every length and shape by each activation', () => {
    for (const direction of ['forward', 'vjp'] as const) {
      for (const [, names] of layouts.float32[direction]) {
        expect(names.filter((name) => /^length=\d+$/.test(name))).toHaveLength(11);
        expect(names.filter((name) => /^shape=/.test(name))).toHaveLength(15);
      }
    }
  });

  test.each(['forward', 'vjp'] as const)('float16 is asked every length and shape by somebody, in %s', (direction) => {
    for (const pattern of [/^length=/, /^shape=/])
      expect(together(layouts.float16[direction], pattern)).toEqual(together(layouts.float32[direction], pattern));
    for (const [, names] of layouts.float16[direction])
      expect(names.filter((name) => /^(length|shape)=/.test(name)).length).toBeLessThan(11);
  });

  test('float16 is asked every extent and place of channels in one direction', () => {
    const { forward, vjp } = layouts.float16;
    for (const [name, pattern] of [
      ['velu', /^extent=/],
      ['adaRelu', /^extent=/],
      ['crelu', /^channels=/],
    ] as const) {
      const own = (all: typeof forward) =>
        together(
          all.filter(([each]) => each === name),
          pattern,
        );
      expect(own(forward).length).toBeGreaterThan(0);
      expect([...own(forward), ...own(vjp)].sort()).toEqual(own(layouts.float32.forward));
    }
  });

  test.each(['float32', 'float16'] as const)(
    '%s has more workgroups than a dimension in each form of its own',
    (dtype) => {
      const many = ([, names]: [string, string[]]) => names.includes('beyond 65535 workgroups');
      const both = [...layouts[dtype].forward, ...layouts[dtype].vjp].filter(many).map(([name]) => name);
      for (const name of ownForms) expect(both.filter((each) => each === name)).toHaveLength(1);
      const others = both.filter((name) => !ownForms.includes(name));
      expect(others.length).toBeGreaterThanOrEqual(dtype === 'float32' ? 3 : 1);
    },
  );

  test('each shape of few parameters is asked of gradients, and every other one else', () => {
    const shapes = (direction: Direction) => asked('float32', direction, 'parameters', seed);
    const isShape = (name: string) => / \[/.test(name);
    for (const [k, { activation }] of tested.entries()) {
      const parameters = Object.keys(activation.parameters).length;
      const [forward, vjp] = (['forward', 'vjp'] as const).map(
        (direction) => shapes(direction)[k]?.[1].filter(isShape) ?? [],
      );
      if (parameters <= 2) expect(vjp).toHaveLength(5 * parameters);
      else expect(new Set(vjp?.map((name) => name.split(' ')[1])).size).toBe(5);
      expect(new Set([...(forward ?? []), ...(vjp ?? [])]).size).toBe(5 * parameters);
      expect(Math.abs((forward?.length ?? 0) - (5 * parameters) / 2)).toBeLessThan(1);
    }
    const kinds = (all: readonly [string, string[]][]) => [
      ...new Set(together(all, / \[/).map((name) => name.split(' ')[1])),
    ];
    expect(kinds(shapes('forward')).sort()).toEqual(['[1]', '[4,1,1]', '[4,6,5]', '[5]', '[6,1]']);
  });

  test('every setting of statistics is asked every data set in float32, and somebody in float16', () => {
    const all = asked('float32', 'vjp', 'statistics', seed).find(([name]) => name === 'velu')?.[1] ?? [];
    const sets = all.flatMap((name) => (name.startsWith('official ') ? [name.slice('official '.length)] : []));
    expect(sets).toHaveLength(20);
    for (const label of ['guarded', 'adaptClip=[0.5,2]', 'transport="output"', 'extent="channel"'])
      for (const set of sets) expect(all).toContain(`${label} ${set}`);
    const half = asked('float16', 'vjp', 'statistics', seed).flatMap(([, names]) => names);
    for (const set of sets) expect(half.some((name) => name.endsWith(` ${set}`))).toBe(true);
  });
});
