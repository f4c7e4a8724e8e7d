/** The results as Markdown tables, to be pasted into an issue. */
import type { Report, Result } from '../core/report.ts';
import { reasonOf } from '../core/report.ts';
import { milliseconds, rate, shapeText, share } from '../core/units.ts';
import { topicsOf } from './sections.ts';

export function toMarkdown(report: Report): string {
  const { machine, effort, createdAt } = report;
  const head = `isoact bench, ${effort}, ${createdAt.slice(0, 10)}, ${machine.cpu}, ${machine.runtime}`;
  const tables = topicsOf(report).flatMap(({ main, others }) =>
    [main, ...others].map(({ activation, direction, shape, dtype, results }) =>
      [
        `### ${activation} ${direction}, ${shapeText(shape)} ${dtype}`,
        '',
        '| subject | device | per call | elements | of roof | passes |',
        '|---|---|--:|--:|--:|--:|',
        ...results.map(row),
      ].join('\n'),
    ),
  );
  return `${[head, ...tables].join('\n\n')}\n`;
}

function row(result: Result): string {
  const { subject, device, throughput, passes } = result;
  const place = `${device.description}${device.software ? ' (software)' : ''}`;
  const numbers = throughput
    ? [
        milliseconds(throughput.callMs.median),
        rate(throughput.elementsPerSecond),
        share(throughput.ofRoof),
        String(passes ?? '–'),
      ]
    : [reasonOf(result), '', '', ''];
  return `| ${[subject, place, ...numbers].map(cell).join(' | ')} |`;
}

/** Neither a bar nor a tag of a name may become part of the table. */
const cell = (text: string): string =>
  text.replace(/[\\|<>`*_[\]]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');
