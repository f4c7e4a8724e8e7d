/** What ran where, as a table. */

export interface Row {
  readonly path: string;
  readonly step: string;
  readonly seconds: number;
  readonly outcome: 'ok' | 'failed';
  /** What was found, or why it failed. */
  readonly remark: string;
}

/** One line a step, in Markdown, with the time it took. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ path, step, seconds, outcome, remark }) => [
    path,
    step,
    outcome === 'ok' ? 'ok' : 'FAILED',
    `${seconds.toFixed(1)} s`,
    (remark.split('\n')[0] ?? '').replaceAll('|', '\\|'),
  ]);
  const head = ['path', 'step', 'outcome', 'time', ''];
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}
