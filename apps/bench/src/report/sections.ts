/** The parts of the report's page. */
import { rankClass } from '../core/comparisons.ts';
import { excuses, isExcused, isUnsupported, notReached, type Report, type Result, reasonOf } from '../core/report.ts';
import { digits, milliseconds, questionText, rate, shapeText, share } from '../core/units.ts';
import { speedChart } from './chart.ts';
import { html, type Markup } from './markup.ts';
import { sizeChart } from './size-chart.ts';

const classTitles: Readonly<Record<string, string>> = { gpu: 'GPU', 'software gpu': 'Software GPU', cpu: 'CPU' };
const classOrder = Object.keys(classTitles);

interface Case {
  readonly activation: string;
  readonly direction: Result['direction'];
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly results: readonly Result[];
}

/** One activation in one direction and data type: its main case, and the same at other sizes. */
export interface Topic {
  readonly main: Case;
  readonly others: readonly Case[];
}

/** The results by topic, in the order measured; the first size measured is the main one. */
export function topicsOf({ results }: Report): Topic[] {
  const cases = groupBy(
    results,
    ({ activation, direction, shape, dtype }) => `${activation}/${direction}/${shape.join('x')}/${dtype}`,
  );
  const all = cases.map((rows): Case => ({ ...(rows[0] as Result), results: rows }));
  return groupBy(all, titleOf).map(([main, ...others]) => ({
    main: main as Case,
    others,
  }));
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}

const titleOf = ({ activation, direction, dtype }: Case): string => questionText(activation, direction, dtype);
const elementsOf = ({ shape }: Pick<Case, 'shape'>): number => shape.reduce((product, length) => product * length, 1);

/** Fastest first; what has no number last. */
const bySpeed = (a: Result, b: Result): number => callOf(a) - callOf(b);
const callOf = (result: Result): number => result.throughput?.callMs.median ?? Number.POSITIVE_INFINITY;

/** Time per call of every subject in every case, a table for each class and data type, the best of each set in bold. */
export function overview(topics: readonly Topic[]): Markup {
  const cases = topics.map(({ main }) => main);
  const byDtype = groupBy(cases, ({ dtype }) => dtype);
  return html`${classOrder.map((name) => byDtype.map((group) => overviewTable(group, name, byDtype.length > 1)))}`;
}

function overviewTable(cases: readonly Case[], name: string, saysDtype: boolean): Markup | null {
  const [first] = cases;
  const all = cases.flatMap((each) => ofClass(each, name));
  if (!first || all.length === 0) return null;
  const rowsOf = (subject: string): Result[] => all.filter((row) => row.subject === subject);
  const subjects = [...new Set(all.map(({ subject }) => subject))];
  const lacking = subjects.filter((subject) => rowsOf(subject).every(isUnsupported));
  const shown = subjects.filter((subject) => !lacking.includes(subject));
  const cell = (subject: string, each: Case): Markup => {
    const own = ofClass(each, name);
    const result = own.find((row) => row.subject === subject);
    if (!result?.throughput)
      return html`<td class="${result && !isExcused(result) ? 'failed' : 'quiet'}">${lackOf(result)}</td>`;
    const best = Math.min(...own.map(callOf));
    return html`<td class="${callOf(result) === best ? 'best' : ''}">${milliseconds(callOf(result))}</td>`;
  };
  return html`<h3>${classTitles[name] ?? name}${saysDtype ? `, ${first.dtype}` : null}</h3>
${
  shown.length === 0
    ? null
    : html`<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">time per call</th>${cases.map((each) => html`<th scope="col">${each.activation}<br>${each.direction}</th>`)}</tr></thead>
<tbody>${shown.map((subject) => html`<tr><th scope="row">${subject}</th>${cases.map((each) => cell(subject, each))}</tr>`)}</tbody>
</table></div>`
}
${excuses(lacking.flatMap((subject) => rowsOf(subject).slice(0, 1))).map((excuse) => html`<p class="quiet">${excuse}</p>`)}`;
}

function lackOf(result: Result | undefined): string {
  if (!result) return '–';
  if (isUnsupported(result)) return 'unsupported';
  return result.gate === notReached ? 'not measured' : 'no number';
}

/** @param document what charts are drawn with. */
export const topicSection = ({ main, others }: Topic, report: Report, document: Document): Markup => html`<section>
<h2 id="${titleOf(main).replaceAll(' ', '-')}">${titleOf(main)}</h2>
${sizeLine(main)}
${classOrder.map((name) => classPart(main, name, report, document))}
${others.length === 0 ? null : html`<h3>As the work grows</h3>${classOrder.map((name) => growth([main, ...others], name, document))}`}
${others.map(
  (each) => html`<details><summary>${shapeText(each.shape)}, ${elementsOf(each).toLocaleString('en')} elements</summary>
${classOrder.map((name) => classPart(each, name, report, document))}</details>`,
)}
</section>`;

const sizeLine = (each: Case): Markup =>
  html`<p class="quiet">${shapeText(each.shape)} ${each.dtype}, ${elementsOf(each).toLocaleString('en')} elements</p>`;

const ofClass = (each: Case, name: string): Result[] => each.results.filter((result) => rankClass(result) === name);

/** Elements per second of reading and writing everything once, at the speed of the class's measured copy. */
function roofSpeed(each: Case, name: string): number | null {
  for (const { throughput } of ofClass(each, name)) {
    if (throughput?.ofIdeal) return throughput.elementsPerSecond / throughput.ofIdeal;
  }
  return null;
}

/** A chart at two widths, of which the style sheet shows the one that fits. */
const figure = (label: string, chart: (width: number) => Markup): Markup =>
  html`<figure role="img" aria-label="${label}"><div class="wide" aria-hidden="true">${chart(1100)}</div><div class="narrow" aria-hidden="true">${chart(336)}</div></figure>`;

function classPart(each: Case, name: string, report: Report, document: Document): Markup | null {
  const results = ofClass(each, name).sort(bySpeed);
  const [first] = results;
  if (!first) return null;
  const measured = results.filter(({ throughput }) => throughput);
  const roof = roofSpeed(each, name);
  const label = `Elements per second of ${titleOf(each)} on ${first.device.description}`;
  return html`<h3>${classTitles[name] ?? name}: ${first.device.description}${
    first.device.software ? html`<span class="tag">software, not ranked among GPUs</span>` : null
  }</h3>
${measured.length === 0 ? null : figure(label, (width) => speedChart(measured, { document, width, roof }))}
${measured.length === 0 ? null : resultTable(measured, report)}
${reasons(results)}`;
}

function growth(cases: readonly Case[], name: string, document: Document): Markup | null {
  const results = cases.flatMap((each) => ofClass(each, name)).filter(({ throughput }) => throughput);
  const [first] = results;
  if (!first) return null;
  const roof = cases.flatMap((each) => {
    const speed = roofSpeed(each, name);
    return speed === null ? [] : [{ elements: elementsOf(each), speed }];
  });
  const label = `Nanoseconds per element over the number of elements, on ${first.device.description}`;
  return html`<p class="quiet">${first.device.description}</p>${figure(label, (width) => sizeChart(results, { document, width, roof }))}`;
}

function resultTable(results: readonly Result[], report: Report): Markup {
  const titles = [
    'subject',
    'latency',
    'per call',
    '99 % interval',
    'elements',
    'GB/s',
    'of copy',
    'of roof',
    'passes',
    'by GPU clock',
    'cold call',
    'cold, of copy',
    'first call',
    'samples',
    'against the fastest other',
  ];
  return html`<div class="scroll" tabindex="0"><table>
<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${results.map((row) => tableRow(row, report))}</tbody>
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
    share(throughput?.ofRoof),
    row.passes ?? '–',
    milliseconds(row.gpu?.callMs.median),
    milliseconds(row.cold?.callMs.median),
    share(row.cold?.ofIdeal),
    milliseconds(row.firstCallMs),
    throughput?.callMs.samples.length ?? 0,
    verdictOf(row, report),
  ];
  const tags = [row.kind, ...row.labels.filter((label) => label !== 'quick' && label !== 'software')];
  return html`<tr><th scope="row">${row.subject}${tags.map((tag) => html` <span class="tag">${tag}</span>`)}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
}

function verdictOf(row: Result, { comparisons }: Report): string {
  const own = comparisons.filter(
    (each) =>
      each.subject === row.subject &&
      each.activation === row.activation &&
      each.direction === row.direction &&
      each.dtype === row.dtype &&
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
    ...(result.throughput || isExcused(result)
      ? []
      : [html`<li class="failed">${result.subject} has no number: ${reasonOf(result)}</li>`]),
    ...(result.departures.length === 0
      ? []
      : [html`<li>${result.subject} departs: ${result.departures.join('; ')}</li>`]),
  ]);
  lines.push(...excuses(results).map((excuse) => html`<li>${excuse}</li>`));
  return lines.length === 0 ? null : html`<ul class="reasons">${lines}</ul>`;
}
