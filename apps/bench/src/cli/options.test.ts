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

test('sizes are numbers, powers of two, or ranges of them', () => {
  expect(parseOptions([], '/').sizes).toBeNull();
  expect(parseOptions(['--size', '2^10,4096', '--size', '2^20..2^25'], '/').sizes).toEqual([
    2 ** 10,
    4096,
    2 ** 20,
    2 ** 22,
    2 ** 24,
  ]);
});

test('backends and activations are lists, activations in any case', () => {
  const options = parseOptions(
    ['--backend', 'webgpu,tfjs-webgpu', '--activation', 'VeLU,gelu', '--seconds', '30'],
    '/',
  );
  expect(options).toMatchObject({
    backends: ['webgpu', 'tfjs-webgpu'],
    activations: ['velu', 'gelu'],
    effort: { totalMs: 30_000 },
  });
});

test('data types are a list, float32 unless given', () => {
  expect(parseOptions([], '/').dtypes).toEqual(['float32']);
  expect(parseOptions(['--dtype', 'float32,float16'], '/').dtypes).toEqual(['float32', 'float16']);
});

test('the -- that pnpm hands on is not an option', () => {
  expect(parseOptions(['--', '--quick'], '/').effort.name).toBe('quick');
});

test.each([
  [['--fast'], /^An option must be one of --quick, .*--help \(was --fast\)\.$/],
  [['words'], /\(was words\)/],
  [['--seed', 'x'], '--seed must be a whole number from 0 (was x).'],
  [['--json', ''], '--json must be given a value (was empty).'],
  [['--json'], /--json/],
  [['--size', '2^29'], '--size must be elements from 1 to 2^28, such as 4096, 2^20 or 2^10..2^28 (was 2^29).'],
  [['--size', '2^12..2^10'], /\(was 2\^12\.\.2\^10\)/],
  [['--size', '1.5'], /\(was 1\.5\)/],
  [['--activation', 'tanhh'], /--activation must be one of .*velu.* \(was tanhh\)\.$/],
  [['--device', 'tpu'], '--device must be cpu or gpu (was tpu).'],
  [['--extent', 'rows'], '--extent must be one of row, channel, sample, tensor (was rows).'],
  [['--dtype', 'float64'], '--dtype must be one of float32, float16 (was float64).'],
  [['--cold', 'warm'], '--cold must be one of hardware, always, never (was warm).'],
  [['--seconds', 'x'], '--seconds must be from 5 to 86400 (was x).'],
])('%j is refused', (args, message) => {
  expect(() => parseOptions(args, '/')).toThrow(message);
});
