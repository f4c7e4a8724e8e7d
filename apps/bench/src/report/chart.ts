/** The speeds of one case on one class of devices, drawn by Observable Plot. */
import * as Plot from '@observablehq/plot';
import type { Result } from '../core/report.ts';
import { rate } from '../core/units.ts';
import { type Markup, trusted } from './markup.ts';

interface Point {
  readonly subject: string;
  readonly kind: Result['kind'];
  readonly speed: number;
  /** Interval of the speed. */
  readonly low: number;
  readonly high: number;
}

export interface ChartOptions {
  /** The page's own, or one that only looks like one where there is no browser. */
  readonly document: Document;
  readonly width: number;
  /** Elements per second that a perfect pass over the data would reach, or null. */
  readonly roof: number | null;
}

const rowHeight = 26;

/** A logarithmic dot plot: speeds differ by factors, and bars from zero would hide all but the fastest. */
export function speedChart(results: readonly Result[], { document, width, roof }: ChartOptions): Markup {
  const points = results.flatMap(pointOf).sort((a, b) => b.speed - a.speed);
  const narrow = width < 500;
  const longest = Math.max(...points.map(({ subject }) => subject.length));
  const figure = Plot.plot({
    document,
    width,
    height: points.length * rowHeight + 66,
    marginLeft: 14 + longest * (narrow ? 5.5 : 7.2),
    marginRight: narrow ? 54 : 84,
    marginTop: 22,
    marginBottom: 44,
    style: { fontSize: narrow ? '10px' : '13px', background: 'none' },
    x: {
      type: 'log',
      domain: domainOf(points, roof),
      label: 'elements per second →',
      labelOffset: 40,
      tickFormat: tick,
      ticks: narrow ? 3 : 6,
      grid: true,
    },
    y: { domain: points.map(({ subject }) => subject), label: null },
    marks: [
      ...(roof === null ? [] : [Plot.ruleX([roof], { className: 'roof', strokeDasharray: '5 4' }), roofLabel(roof)]),
      Plot.ruleY(
        points.filter(({ kind }) => kind === 'ours'),
        interval('ours'),
      ),
      Plot.ruleY(
        points.filter(({ kind }) => kind === 'peer'),
        interval('peer'),
      ),
      Plot.dot(
        points.filter(({ kind }) => kind === 'ours'),
        dot('ours'),
      ),
      Plot.dot(
        points.filter(({ kind }) => kind === 'peer'),
        dot('peer'),
      ),
      Plot.text(points, {
        x: 'high',
        y: 'subject',
        text: ({ speed }: Point) => rate(speed),
        dx: 9,
        textAnchor: 'start',
      }),
    ],
  });
  return trusted(figure.outerHTML);
}

const roofLabel = (roof: number) =>
  Plot.text([roof], {
    x: (value: number) => value,
    frameAnchor: 'top',
    dy: -14,
    text: () => 'one copy',
    className: 'roof-label',
  });

const interval = (kind: Result['kind']) => ({
  x1: 'low',
  x2: 'high',
  y: 'subject',
  strokeWidth: 3,
  className: `interval ${kind}`,
});

/** Ours are filled and peers are rings, for those who do not see the colours. */
const dot = (kind: Result['kind']) => ({ x: 'speed', y: 'subject', r: 5, className: `dot ${kind}` });

function pointOf({ subject, kind, throughput, shape }: Result): Point[] {
  if (!throughput) return [];
  const elements = shape.reduce((product, length) => product * length, 1) * 1e3;
  const { median, interval: bounds, p05 } = throughput.callMs;
  // A bootstrap bound below zero would be a speed beyond infinity.
  const fastest = bounds[0] > 0 ? bounds[0] : Math.max(p05, median / 4);
  return [
    { subject, kind, speed: elements / median, low: elements / Math.max(bounds[1], median), high: elements / fastest },
  ];
}

function domainOf(points: readonly Point[], roof: number | null): [number, number] {
  const values = points.flatMap(({ low, high }) => [low, high]).concat(roof ?? []);
  return [Math.min(...values) / 1.5, Math.max(...values) * 1.5];
}

const tick = (value: number): string =>
  rate(value)
    .replace(/\.0+(?= )/, '')
    .replace(/(\.\d*?)0+(?= )/, '$1')
    .replace('/s', '')
    .trim();
