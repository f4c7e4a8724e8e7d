/** Time per element as the work grows, a line of bars for each subject: cost is a curve, not a number. */
import { rankClass } from '../core/comparisons.ts';
import type { Result } from '../core/report.ts';
import { digits, questionText } from '../core/units.ts';
import { classNames, clip } from './table.ts';

const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** Sizes that fit beside the subject. */
const mostSizes = 7;
/** Of the longest that is ours or a peer's. */
const subjectWidth = 27;

/** Lines of at most 80 columns; none where there is only one size. */
export function growthTable(results: readonly Result[]): string[] {
  const measured = results.filter(({ throughput }) => throughput);
  const topics = [...new Set(measured.map(topicOf))];
  return topics.flatMap((topic) => {
    const rows = measured.filter((row) => topicOf(row) === topic);
    const sizes = [...new Set(rows.map(elementsOf))].sort((a, b) => a - b).slice(-mostSizes);
    if (sizes.length < 2) return [];
    const [lowest, highest] = bounds(rows.filter((row) => sizes.includes(elementsOf(row))).map(timeOf));
    const subjects = [...new Set(rows.map(({ subject }) => subject))];
    const lines = subjects.map((subject) => {
      const times = sizes.map((size) => {
        const row = rows.find((each) => each.subject === subject && elementsOf(each) === size);
        return row ? timeOf(row) : null;
      });
      const bars = times.map((time) => (time === null ? ' ' : barOf(time, lowest, highest))).join('');
      return `  ${clip(subject, subjectWidth).padEnd(subjectWidth)} ${bars} ${times.map((time) => cell(time === null ? '–' : digits(time))).join('')}`.trimEnd();
    });
    const [first] = rows;
    if (!first) return [];
    return [
      `${topic}, nanoseconds per element`,
      `  ${''.padEnd(subjectWidth)} ${' '.repeat(sizes.length)} ${sizes.map((size) => cell(sizeText(size))).join('')}`,
      ...lines,
      '',
    ];
  });
}

const topicOf = (row: Result): string =>
  `${questionText(row.activation, row.direction, row.dtype)} on ${classNames[rankClass(row)]}`;
const elementsOf = ({ shape }: Result): number => shape.reduce((product, length) => product * length, 1);
const timeOf = (row: Result): number => ((row.throughput?.callMs.median ?? Number.NaN) / elementsOf(row)) * 1e6;
const bounds = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];
const cell = (text: string): string => text.padStart(6).slice(0, 6);
const sizeText = (size: number): string => (Number.isInteger(Math.log2(size)) ? `2^${Math.log2(size)}` : String(size));

/** On a logarithmic scale, for subjects differ by factors. */
function barOf(time: number, lowest: number, highest: number): string {
  const share = highest > lowest ? Math.log(time / lowest) / Math.log(highest / lowest) : 0;
  return heights[Math.round(share * (heights.length - 1))] ?? '█';
}
