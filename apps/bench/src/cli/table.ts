/** The results of one case as a table of 80 columns, with a bar for each candidate's speed. */
import { rankClass } from '../core/comparisons.ts';
import { excuses, isExcused, type Result, reasonOf } from '../core/report.ts';
import { milliseconds, rate, shapeText, share } from '../core/units.ts';

const width = 80;
/** The longest subject of ours and its mark. */
const subjectWidth = 29;
const barWidth = 8;
const eighths = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

export const classNames: Readonly<Record<string, string>> = { cpu: 'CPU', gpu: 'GPU', 'software gpu': 'software GPU' };

/** Lines of at most 80 columns. */
export function caseTable(results: readonly Result[]): string[] {
  const [first] = results;
  if (!first) return [];
  const lines = [`${first.activation} ${first.direction}, ${shapeText(first.shape)} ${first.dtype}`];
  for (const name of new Set(results.map(rankClass))) {
    const rows = results.filter((row) => rankClass(row) === name);
    const measured = rows.filter(hasNumber).sort((a, b) => callOf(a) - callOf(b));
    const [fastest] = measured;
    const { description, software } = rows[0]?.device ?? first.device;
    lines.push('', clip(`${classNames[name]} ${description}${software ? ', not ranked among GPUs' : ''}`, width));
    if (fastest) {
      lines.push(line(['', 'latency', 'per call', 'elements', 'of roof', 'passes', 'speed']));
      for (const row of measured) lines.push(rowLine(row, callOf(fastest)));
    }
    for (const row of rows.filter((each) => !hasNumber(each) && !isExcused(each))) {
      lines.push(...wrapped(`${row.subject}: no number, ${reasonOf(row)}`));
    }
    for (const excuse of excuses(rows)) lines.push(...wrapped(excuse));
  }
  return lines;
}

const hasNumber = ({ gate, latencyMs }: Result): boolean => gate === 'passed' && latencyMs !== null;
const callOf = (row: Result): number => row.throughput?.callMs.median ?? Number.POSITIVE_INFINITY;

const rowLine = (row: Result, fastest: number): string =>
  line([
    `${row.kind === 'ours' ? '●' : '○'} ${row.subject}${row.door === 'host arrays' ? ' ¹' : ''}`,
    milliseconds(row.latencyMs?.median),
    milliseconds(row.throughput?.callMs.median),
    rate(row.throughput?.elementsPerSecond),
    share(row.throughput?.ofRoof),
    row.passes === null ? '–' : String(row.passes),
    row.throughput ? bar(fastest / callOf(row)) : '',
  ]);

function line([subject = '', ...cells]: readonly string[]): string {
  const widths = [8, 9, 9, 8, 7];
  const numbers = cells.slice(0, -1).map((cell, index) => cell.padStart(widths[index] ?? 0));
  return `${clip(subject, subjectWidth).padEnd(subjectWidth)}${numbers.join('')}  ${cells.at(-1)}`.trimEnd();
}

/** A bar of up to eight cells, to an eighth of a cell. */
export function bar(share: number): string {
  const units = Math.max(1, Math.round(Math.min(1, share) * barWidth * 8));
  return '█'.repeat(Math.floor(units / 8)) + (units % 8 ? eighths[units % 8] : '');
}

export const clip = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

/** Breaks a line at spaces, continuation lines indented. */
export function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.trimStart().split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${lines.length === 0 ? '  ' : '    '}${clip(word, width - 4)}`);
  }
  return lines;
}
