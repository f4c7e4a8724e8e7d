/** What a quick run asks of everybody, and what the catalogue is asked together. */
import { describe, expect, test } from 'vitest';
import { defaultSeed } from './index.ts';
import { directions, makeCases } from './make-cases.ts';
import { testedActivations } from './subjects.ts';

type Type = 'float32' | 'float16';
const tested = testedActivations();
const idsOf = (quick: boolean, dtype: Type, seed = defaultSeed): string[] =>
  tested.flatMap((each) =>
    directions.flatMap((direction) =>
      [...makeCases(each, direction, dtype, { quick, huge: false, seed })].map(({ id }) => id),
    ),
  );
const [quick, full] = [idsOf(true, 'float32'), idsOf(false, 'float32')];

/** The names of a group's cases, without their activations and directions. */
const names = (ids: readonly string[], group: string, pattern: RegExp): string[] =>
  [
    ...new Set(ids.map((id) => id.split(`/${group}/`)[1]?.split('/')[1] ?? '').filter((name) => pattern.test(name))),
  ].sort();

describe('a quick run', () => {
  const cells = (ids: readonly string[]) => [...new Set(ids.map((id) => id.split('/').slice(0, 3).join('/')))].sort();
  test('asks each activation and direction in every group', () => {
    expect(cells(quick)).toEqual(cells(full));
  });

  test.each([defaultSeed, 1, 2, 3])(
    'asks each activation of a further data type in one direction (seed %i)',
    (seed) => {
      const asked = cells(idsOf(true, 'float16', seed));
      const half = (direction: string) =>
        new Set(asked.flatMap((cell) => (cell.endsWith(`/${direction}`) ? [cell.split('/')[0]] : [])));
      const [forward, vjp] = [half('forward'), half('vjp')];
      expect(new Set([...forward, ...vjp]).size).toBe(tested.length);
      expect(Math.abs(forward.size - vjp.size)).toBe(1);
      const possible = cells(idsOf(false, 'float16', seed)).filter((cell) => {
        const [activation, , direction] = cell.split('/');
        return (direction === 'vjp' ? vjp : forward).has(activation);
      });
      expect(asked).toEqual(possible);
    },
  );

  test('asks each case once, and fewer than half of a full run', () => {
    expect(new Set(quick).size).toBe(quick.length);
    expect(quick.length).toBeLessThan(full.length / 2);
  });

  test('asks the same for the same seed', () => {
    expect(idsOf(true, 'float32')).toEqual(quick);
    expect(idsOf(true, 'float32', 1)).not.toEqual(quick);
  });

  // single points: of every activation, all kinds
  const points = /\/(lattice|breakpoints|overflow|cancellation|tails|sweep|integrity|laws)\//;
  test('leaves out no kind of point, no law and nothing of integrity', () => {
    const asked = (ids: readonly string[]) => ids.filter((id) => points.test(id)).sort();
    expect(asked(quick)).toEqual(asked(full));
  });

  test.each([
    ['layout', /^shape=\[(0|1|3|4|5|63|64|65|255|257|4099)?\]$/],
    ['layout', /^shape=\[(7|3,5|1,9|9,1|2,3,4|4,1,5|2,3,4,5|0,3|3,0)\]$/],
    ['layout', /^channels=/],
    ['gradients', /upstream$/],
  ] as const)('asks every case of %s %s of somebody', (group, pattern) => {
    const asLengths = full.map((id) => id.replace(/length=(\d+)/, 'shape=[$1]'));
    expect(names(quick, group, pattern)).toEqual(names(asLengths, group, pattern));
  });

  test('asks somebody for statistics in every extent, and for every shape of a parameter', () => {
    const extents = (ids: readonly string[]) => [
      ...new Set(names(ids, 'layout', /^extent=/).map((name) => name.split(' ')[0])),
    ];
    expect(extents(quick)).toEqual(extents(full));
    const shapes = new Set(names(quick, 'parameters', /^\w+ \[/).map((name) => name.split(' ')[1]));
    expect([...shapes].sort()).toEqual(['[1]', '[5,1]', '[5,67]', '[67]']);
  });

  test('asks each kind of setting, by the statistics that it gathers, in one direction', () => {
    const settings = (direction: string) =>
      quick.flatMap((id) => id.split(`velu/statistics/${direction}/`)[1]?.split(' offset 1e4')[0] ?? []);
    const others = [...settings('forward'), ...settings('vjp')].filter((label) => / \[|^offset/.test(label) === false);
    expect(others.filter((label) => /equation1|std/.test(label))).toHaveLength(2);
    expect(others.filter((label) => label.startsWith('transport'))).toHaveLength(1);
  });
});
