/** The parts of the report's page. */
import { rankClass } from '../core/comparisons.ts';
import type { Report, Result } from '../core/report.ts';
import { digits, milliseconds, rate, shapeText, share } from '../core/units.ts';
import { speedChart } from './chart.ts';
import { html, type Markup } from './markup.ts';

const classTitles: Readonly<Record<string, string>> = { gpu: 'GPU', 'software gpu': 'Software GPU', cpu: 'CPU' };
const classOrder = Object.keys(classTitles);

export interface Case {
  readonly activation: string;
  readonly direction: Result['direction'];
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly results: readonly Result[];
}

/** The results by case, in the order measured. */
export function casesOf({ results }: Report): Case[] {
  const cases = new Map<string, Case & { results: Result[] }>();
  for (const result of results) {
    const { activation, direction, shape, dtype } = result;
    const key = [activation, direction, shape.join('x'), dtype].join('/');
    const known = cases.get(key) ?? { activation, direction, shape, dtype, results: [] };
    known.results.push(result);
    cases.set(key, known);
  }
  return [...cases.values()];
}

const titleOf = ({ activation, direction }: Case): string => `${activation} ${direction}`;

/** Fastest first; what has no number last. */
const bySpeed = (a: Result, b: Result): number => callOf(a) - callOf(b);
const callOf = (result: Result): number => result.throughput?.callMs.median ?? Number.POSITIVE_INFINITY;

/** Time per call of every subject in every case, the best of each class set in bold. */
export function overview(cases: readonly Case[]): Markup {
  const all = cases.flatMap(({ results }) => results);
  return html`${classOrder.map((name) => {
    const subjects = [...new Set(all.filter((result) => rankClass(result) === name).map(({ subject }) => subject))];
    if (subjects.length === 0) return null;
    const cell = (subject: string, { results }: Case): Markup => {
      const own = results.filter((result) => rankClass(result) === name);
      const result = own.find((each) => each.subject === subject);
      const best = Math.min(...own.map(callOf));
      if (!result?.throughput)
        return html`<td class="${result ? 'failed' : 'quiet'}">${result ? 'no number' : '–'}</td>`;
      return html`<td class="${callOf(result) === best ? 'best' : ''}">${milliseconds(callOf(result))}</td>`;
    };
    return html`<h3>${classTitles[name] ?? name}</h3>
<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">time per call</th>${cases.map((each) => html`<th scope="col">${each.activation}<br>${each.direction}</th>`)}</tr></thead>
<tbody>${subjects.map((subject) => html`<tr><th scope="row">${subject}</th>${cases.map((each) => cell(subject, each))}</tr>`)}</tbody>
</table></div>`;
  })}`;
}

export function caseSection(each: Case, report: Report): Markup {
  const elements = each.shape.reduce((product, length) => product * length, 1);
  return html`<section>
<h2 id="${each.activation}-${each.direction}">${titleOf(each)}</h2>
<p class="quiet">${shapeText(each.shape)} ${each.dtype}, ${elements.toLocaleString('en')} elements</p>
${classOrder.map((name) => classPart(each, name, elements, report))}
</section>`;
}

function classPart(each: Case, name: string, elements: number, report: Report): Markup | null {
  const results = each.results.filter((result) => rankClass(result) === name).sort(bySpeed);
  const [first] = results;
  if (!first) return null;
  const measured = results.filter(({ throughput }) => throughput);
  const copy = report.roofs.find((roof) => rankClass(roof) === name && roof.elements === elements);
  // A copy moves two values per element; a forward as many, a vjp three.
  const roof = copy ? (elements / copy.callMs.median) * 1e3 * (each.direction === 'vjp' ? 2 / 3 : 1) : null;
  const label = `Elements per second of ${titleOf(each)} on ${first.device.description}`;
  const chart = (width: number) => speedChart(measured, { width, roof });
  return html`<h3>${classTitles[name] ?? name}: ${first.device.description}${
    first.device.software ? html`<span class="tag">software, not ranked among GPUs</span>` : null
  }</h3>
${measured.length === 0 ? null : html`<figure role="img" aria-label="${label}"><div class="wide">${chart(1100)}</div><div class="narrow">${chart(336)}</div></figure>`}
${resultTable(results, report)}
${reasons(results)}`;
}

function resultTable(results: readonly Result[], report: Report): Markup {
  const titles = [
    '',
    'latency',
    'per call',
    '99 % interval',
    'elements',
    'GB/s',
    'of copy',
    'of ideal',
    'passes',
    'first call',
    'samples',
    'against the fastest other',
  ];
  return html`<div class="scroll" tabindex="0"><table>
<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${results.filter(({ throughput }) => throughput).map((row) => tableRow(row, report))}</tbody>
</table></div>`;
}

function tableRow(row: Result, report: Report): Markup {
  const { throughput, latencyMs } = row;
  const interval = throughput?.callMs.interval;
  const cells = [
    milliseconds(latencyMs?.median),
    milliseconds(throughput?.callMs.median),
    interval ? `${milliseconds(Math.max(0, interval[0]))} – ${milliseconds(interval[1])}` : '–',
    rate(throughput?.elementsPerSecond),
    throughput?.gigabytesPerSecond ? digits(throughput.gigabytesPerSecond) : '–',
    share(throughput?.ofCopy),
    share(throughput?.ofIdeal),
    row.passes ?? '–',
    milliseconds(row.firstCallMs),
    throughput?.callMs.samples.length ?? 0,
    verdictOf(row, report),
  ];
  const tags = [row.kind, ...row.labels.filter((label) => label !== 'quick' && label !== 'software')];
  return html`<tr><th scope="row">${row.subject}${tags.map((tag) => html`<span class="tag">${tag}</span>`)}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
}

function verdictOf(row: Result, { comparisons }: Report): string {
  const own = comparisons.filter(
    (each) =>
      each.subject === row.subject &&
      each.activation === row.activation &&
      each.direction === row.direction &&
      each.shape.join() === row.shape.join(),
  );
  // Against the fastest: the largest ratio.
  const worst = own.reduce<(typeof own)[number] | null>(
    (most, each) => (each.ratio > (most?.ratio ?? 0) ? each : most),
    null,
  );
  if (!worst) return '–';
  const times = worst.ratio >= 1 ? `${digits(worst.ratio)}× its time` : `${digits(1 / worst.ratio)}× faster`;
  return `${worst.verdict}, ${times} (${worst.against})`;
}

function reasons(results: readonly Result[]): Markup | null {
  const lines = results.flatMap((result) => [
    ...(result.throughput ? [] : [html`<li class="failed">${result.subject} has no number: ${reasonOf(result)}</li>`]),
    ...(result.departures.length === 0
      ? []
      : [html`<li>${result.subject} departs: ${result.departures.join('; ')}</li>`]),
  ]);
  return lines.length === 0 ? null : html`<ul class="reasons">${lines}</ul>`;
}

const reasonOf = ({ gate }: Result): string => (gate === 'passed' ? 'no timing of positive length' : gate);
