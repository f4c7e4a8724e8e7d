/**
 * The plot of a README: what one call costs, in copies of the same tensor, for ours and for peers on one device. One
 * picture for light and dark, since an SVG in a page asks for the scheme by itself.
 */
import * as Plot from '@observablehq/plot';
import { median } from 'simple-statistics';
import { rankClass } from '../core/comparisons.ts';
import { inCopies } from '../core/copies.ts';
import type { Report, Result } from '../core/report.ts';
import { milliseconds } from '../core/units.ts';
import { html, trusted } from './markup.ts';

interface Bar {
  readonly subject: string;
  readonly kind: Result['kind'];
  readonly copies: number;
  readonly callMs: number;
}

export interface SpeedPlotOptions {
  readonly document: Document;
  readonly activations: readonly string[];
  /** Elements of x; the largest that all the activations were measured at unless given. */
  readonly elements?: number | undefined;
}

const width = 860;
const barHeight = 20;
const panelHead = 34;
const titleHeight = 44;
const axisHeight = 46;

const elementsOf = ({ shape }: Result): number => shape.reduce((product, length) => product * length, 1);

/** @throws RangeError where the result has no hardware GPU's numbers of the activations. */
export function speedPlot(report: Report, { document, activations, elements }: SpeedPlotOptions): string {
  const rows = report.results.filter(
    (row) =>
      rankClass(row) === 'gpu' && row.throughput && row.dtype === 'float32' && activations.includes(row.activation),
  );
  const common = [...new Set(rows.map(elementsOf))].filter((size) =>
    activations.every((name) => rows.some((row) => row.activation === name && elementsOf(row) === size)),
  );
  const size = elements ?? Math.max(...common);
  const shown = rows.filter((row) => elementsOf(row) === size);
  const [first] = shown;
  if (!first) throw new RangeError(`The result must have a hardware GPU's numbers of ${activations.join(', ')}.`);
  const panels = activations.flatMap((activation) =>
    (['forward', 'vjp'] as const).flatMap((direction) => {
      const bars = shown
        .filter((row) => row.activation === activation && row.direction === direction)
        .flatMap((row) => barOf(row, report))
        .sort((a, b) => a.copies - b.copies);
      return bars.length > 0 ? [{ title: `${activation} ${direction}`, bars }] : [];
    }),
  );
  const most = Math.max(...panels.flatMap(({ bars }) => bars.map(({ copies }) => copies)));
  let top = titleHeight;
  const drawn = panels.map(({ title, bars }, index) => {
    const isLast = index === panels.length - 1;
    const height = panelHead + bars.length * barHeight + (isLast ? axisHeight : 6);
    const figure = panel(document, bars, { height, most, isLast });
    figure.setAttribute('y', String(top));
    const label = html`<text class="panel" x="0" y="${top + 22}">${title}</text>`;
    top += height;
    return html`${label}${trusted(figure.outerHTML)}`;
  });
  const power = Math.log2(size);
  const amount = Number.isInteger(power) ? `2^${power}` : size.toLocaleString('en');
  return `${
    html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}" role="img" aria-label="Time of one call on ${first.device.description}, ours beside peers">
<style>${trusted(style)}</style>
<text class="title" x="0" y="18">One call over ${amount} float32 on ${first.device.description}</text>
<text class="quiet" x="0" y="37">time in copies of the same tensor on that device; dots are isoact, rings what users of a framework write</text>
${drawn}
</svg>`.markup
  }\n`;
}

function barOf(row: Result, report: Report): Bar[] {
  const copies = inCopies(row, report);
  if (!copies || !row.throughput) return [];
  return [{ subject: row.subject, kind: row.kind, copies: median(copies), callMs: row.throughput.callMs.median }];
}

function panel(
  document: Document,
  bars: readonly Bar[],
  { height, most, isLast }: { readonly height: number; readonly most: number; readonly isLast: boolean },
) {
  const ofKind = (kind: Bar['kind']) => bars.filter((bar) => bar.kind === kind);
  return Plot.plot({
    document,
    width,
    height,
    marginTop: panelHead,
    marginBottom: isLast ? axisHeight : 6,
    marginLeft: 210,
    marginRight: 80,
    style: { background: 'none', fontSize: '13px' },
    x: {
      type: 'log',
      domain: [0.8, most * 1.2],
      label: isLast ? 'copies →' : null,
      labelOffset: 38,
      ticks: isLast ? 5 : [],
      tickFormat: (value: number) => value.toLocaleString('en'),
    },
    y: { domain: bars.map(({ subject }) => subject), label: null, tickSize: 0 },
    marks: [
      Plot.ruleX([1], { className: 'roof' }),
      ...(['ours', 'peer'] as const).flatMap((kind) => [
        Plot.ruleY(ofKind(kind), { x1: 0.8, x2: 'copies', y: 'subject', strokeWidth: 3, className: `stem ${kind}` }),
        Plot.dot(ofKind(kind), { x: 'copies', y: 'subject', r: 4.5, className: `dot ${kind}` }),
      ]),
      Plot.text(bars, {
        x: 'copies',
        y: 'subject',
        text: ({ callMs }: Bar) => milliseconds(callMs),
        dx: 10,
        textAnchor: 'start',
      }),
    ],
  });
}

const style = `
svg { color: #1c2430; fill: #1c2430; font-family: system-ui, sans-serif; }
.title { font-size: 16px; font-weight: 600; } .panel { font-size: 14px; font-weight: 600; } .quiet { font-size: 13px; fill: #5b6675; }
.stem { stroke-opacity: .35; } .stem.ours { stroke: #0b6bcb; } .stem.peer { stroke: #b3540a; }
.dot.ours { fill: #0b6bcb; stroke: #0b6bcb; } .dot.peer { fill: none; stroke: #b3540a; stroke-width: 2.5; }
.roof { stroke: #5b6675; stroke-dasharray: 5 4; }
@media (prefers-color-scheme: dark) { svg { color: #e4e9f0; fill: #e4e9f0; } .quiet { fill: #9aa7b6; }
.stem.ours { stroke: #6cb6ff; } .stem.peer { stroke: #f0a35e; } .dot.ours { fill: #6cb6ff; stroke: #6cb6ff; } .dot.peer { stroke: #f0a35e; }
.roof { stroke: #9aa7b6; } }
`;
