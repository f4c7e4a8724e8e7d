import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';

test('files are meant relative to the folder of the caller', () => {
  const options = parseOptions(['--quick', '--json', 'out.json', '--filter', 'tfjs VELU'], '/home/me');
  expect(options).toMatchObject({
    effort: { name: 'quick' },
    jsonFile: '/home/me/out.json',
    htmlFile: '/home/me/isoact-bench.html',
    csvFile: null,
    filter: ['tfjs', 'velu'],
  });
});

test('the -- that pnpm hands on is not an option', () => {
  expect(parseOptions(['--', '--quick'], '/').effort.name).toBe('quick');
});

test.each([
  [
    ['--fast'],
    'An option must be one of --quick, --json, --html, --csv, --baseline, --filter, --seed, --help (was --fast).',
  ],
  [['words'], /\(was words\)/],
  [['--seed', 'x'], '--seed must be a whole number from 0 (was x).'],
  [['--json', ''], '--json must be given a value (was empty).'],
  [['--json'], /--json/],
])('%j is refused', (args, message) => {
  expect(() => parseOptions(args, '/')).toThrow(message);
});
