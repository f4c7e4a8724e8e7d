/** The page "what your framework returns". */
import type { SubjectReport } from '@isoact/core/conformance';
import type { Outcome } from '../run-all.ts';
import { type Answers, differs, type Framework } from './gather.ts';
import { inputs } from './questions.ts';

export interface Page {
  readonly versions: Readonly<Record<string, string>>;
  readonly frameworks: readonly Framework[];
  readonly answers: readonly Answers[];
  readonly outcome: Outcome;
}

/** The line that a test finds again. */
export const versionsLine = (versions: Page['versions']): string =>
  `Versions: ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}.`;

export function frameworksPage({ versions, frameworks, answers, outcome }: Page): string {
  const software = frameworks.some(({ device }) => device.software);
  return [
    '# What your framework returns',
    `<!-- Made by \`pnpm conform --frameworks docs/frameworks.md\`; do not edit. -->`,
    `The activation functions that TensorFlow.js and ONNX Runtime themselves have, asked where activations go wrong: NaN, the
infinities, tails, and numbers near 0. The right value is the limit or the value of the mathematical function, rounded to
float32. A cell shows what the framework returned where that is off by more than a millionth of the right value; **·** is
a right answer, an empty cell a function or gradient that the framework does not have.`,
    versionsLine(versions),
    table(
      ['framework', 'device'],
      frameworks.map(({ name, device }) => [name, `${device.description}${device.software ? ' (software)' : ''}`]),
    ),
    ...(software
      ? [
          'A software GPU stands for what that backend does there; how a driver treats NaN and subnormals is its own choice.',
        ]
      : []),
    '## Value by value',
    ...answers.flatMap((answer) => section(answer, frameworks)),
    '## Graded by the suite',
    `Finite inputs alone, thousands of them. Grade D is within 4 units in the last place, the conditioning of the function,
and an absolute 12·2^-24·max(1, |x|); A and B have no absolute part. The largest error is in units in the last place of the
right value: where that is tiny, an error of a millionth is many of them.`,
    grades(outcome, frameworks),
    ...departures(outcome),
  ]
    .join('\n\n')
    .concat('\n');
}

/** A table of the inputs that some framework is wrong at; nothing where none is. */
function section(
  { activation, settings, direction, right, given }: Answers,
  frameworks: readonly Framework[],
): string[] {
  const asked = frameworks.filter(({ name }) => given.get(name));
  if (asked.length === 0) return [];
  const rows = inputs.flatMap(({ label }, place) => {
    const cells = asked.map(({ name }) => cell(given.get(name)?.[place] as number, right[place] as number));
    return cells.every((text) => text === right_) ? [] : [[label, short(right[place] as number), ...cells]];
  });
  const set = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  const title = `### ${activation}${direction === 'vjp' ? ', its gradient' : ''}${set.length > 0 ? ` (${set.join(', ')})` : ''}`;
  if (rows.length === 0) return [title, `Right everywhere: ${asked.map(({ name }) => name).join(', ')}.`];
  return [title, table(['x', 'right', ...asked.map(({ name }) => name)], rows)];
}

const right_ = '·';

function cell(got: number, right: number): string {
  if (!differs(got, right)) return right_;
  const text = `**${short(got)}**`;
  // where the digits shown do not tell, how far off it is does
  return short(got) === short(right) ? `${text} (off by ${(Math.abs(got / right - 1)).toExponential(0)})` : text;
}

function short(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+∞' : '-∞';
  const magnitude = Math.abs(value);
  if (value === 0) return '0';
  return magnitude >= 1e5 || magnitude < 1e-3 ? value.toExponential(3) : String(Number(value.toPrecision(5)));
}

function grades({ subjects }: Outcome, frameworks: readonly Framework[]): string {
  const functions = [...new Set(subjects.map(({ name }) => name.split(':')[2] as string))];
  const rows = functions.flatMap((activation) =>
    (['forward', 'vjp'] as const).flatMap((direction) => {
      const cells = frameworks.map(({ name }) =>
        graded(
          subjects.find((subject) => subject.name === `builtin:${name}:${activation}`),
          direction,
        ),
      );
      return cells.every((text) => text === '')
        ? []
        : [[activation, direction === 'vjp' ? 'gradient' : 'value', ...cells]];
    }),
  );
  return table(['function', '', ...frameworks.map(({ name }) => name)], rows);
}

function graded(subject: SubjectReport | undefined, direction: 'forward' | 'vjp'): string {
  const result = subject?.results.find((row) => row.direction === direction && row.grade !== null);
  if (!result) return '';
  const ulps = result.maxUlp === 'Infinity' ? '∞' : Number(result.maxUlp.toPrecision(2)).toExponential(0);
  return result.grade === 'exact' ? 'exact' : `${result.grade} (${ulps})`;
}

/** What misses D on finite numbers, in the suite's own words. */
function departures({ subjects }: Outcome): string[] {
  const lines = subjects.flatMap(({ name, failures }) =>
    failures.map(({ id, faults }) => `- \`${name}\`, ${id.split('/').slice(1).join('/')}: ${faults[0]}`),
  );
  return lines.length === 0 ? [] : ['## Beyond grade D on finite numbers', lines.join('\n')];
}

/** Columns of even width, as the formatter of this repository writes them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((line) => line.map((text) => text.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((line) => (line[column] ?? '').length)));
  const line = (texts: readonly string[]): string =>
    `| ${widths.map((width, column) => (texts[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [first, ...others] = cells.map(line);
  return [first, line(widths.map((width) => '-'.repeat(width))), ...others].join('\n');
}
