/** The committed page is what the command would write today, as far as that can be told without asking every framework. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { differs } from './gather.ts';
import { frameworksPage, versionsLine } from './page.ts';
import { inputs, questions } from './questions.ts';
import { installedVersions } from './versions.ts';

const committed = await readFile(new URL('../../../../docs/frameworks.md', import.meta.url), 'utf8');
const device = (description: string) => ({ vendor: '', architecture: '', description, software: false });

describe('the page "what your framework returns"', () => {
  test('is of the frameworks that are installed; else make it again', () => {
    const remedy = 'pnpm conform --frameworks docs/frameworks.md';
    expect(committed, remedy).toContain(versionsLine(installedVersions()));
  });

  test('has a section for each question that some framework answers', () => {
    for (const { activation, direction } of questions) {
      // ONNX has no gradients, and tfjs no celu and no hardSwish
      if (direction === 'vjp' && ['celu', 'hardSwish'].includes(activation)) continue;
      const title = `### ${activation}${direction === 'vjp' ? ', its gradient' : ''}`;
      expect(
        committed.split('\n').some((line) => line === title || line.startsWith(`${title} (`)),
        title,
      ).toBe(true);
    }
  });

  test('has the columns of every backend in Node', () => {
    const [, head = ''] = committed.split('### relu\n');
    for (const name of [
      'tfjs-cpu',
      'tfjs-wasm',
      'tfjs-webgpu',
      'onnxruntime-cpu',
      'onnxruntime-wasm',
      'onnxruntime-webgpu',
    ])
      expect(head.split('\n')[1]).toContain(` ${name} `);
  });

  test('shows what is wrong, and no more', () => {
    const right = inputs.map(({ x }) => Math.max(x, 0));
    const wrong = right.map((value, place) => (inputs[place]?.label === '-∞' ? Number.NaN : value));
    const question = { activation: 'relu', settings: {}, direction: 'forward' } as const;
    const text = frameworksPage({
      versions: { tfjs: '4.22.0' },
      frameworks: [
        { name: 'one', device: device('a|b') },
        { name: 'two', device: device('') },
        { name: 'three', device: device('') },
      ],
      answers: [
        {
          ...question,
          right,
          given: new Map([
            ['one', right],
            ['two', wrong],
            ['three', null],
          ]),
        },
        {
          ...question,
          activation: 'tanh',
          right,
          given: new Map([
            ['one', right],
            ['two', null],
            ['three', null],
          ]),
        },
      ],
      outcome: {
        schema: 'isoact.conformance/1',
        seed: 1,
        casesHash: '',
        subjects: [],
        mutants: { killed: 0, total: 0, survivors: [] },
        passed: true,
        unavailable: [],
      },
    });
    expect(text).toContain(
      '### relu\n\n| x   | right | one | two     |\n| --- | ----- | --- | ------- |\n| -∞  | 0     | ·   | **NaN** |\n\n',
    );
    expect(text).toContain('### tanh\n\nRight everywhere: one.');
    expect(text).toContain('a\\|b');
  });

  test('a millionth is the difference that counts', () => {
    expect(differs(1 + 0.5e-6, 1)).toBe(false);
    expect(differs(1 + 2e-6, 1)).toBe(true);
    expect(differs(0, -0)).toBe(false);
    expect(differs(0, 1e-40)).toBe(true);
    expect(differs(Number.NaN, 0)).toBe(true);
    expect(differs(0, Number.NaN)).toBe(true);
    expect(differs(Number.NaN, Number.NaN)).toBe(false);
  });
});
