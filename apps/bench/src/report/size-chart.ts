/** Time per element as the work grows, a line for each subject, drawn by Observable Plot. */
import * as Plot from '@observablehq/plot';
import type { Result } from '../core/report.ts';
import { digits } from '../core/units.ts';
import { type Markup, trusted } from './markup.ts';

interface Point {
  readonly subject: string;
  readonly kind: Result['kind'] | 'roof';
  readonly elements: number;
  /** Nanoseconds. */
  readonly time: number;
}

interface Label extends Point {
  /** Where the label stands, so that it covers no other. */
  readonly at: number;
}

export interface SizeChartOptions {
  readonly document: Document;
  readonly width: number;
  /** Elements and elements per second of a perfect pass. */
  readonly roof: readonly { readonly elements: number; readonly speed: number }[];
}

const labelHeight = 15;

export function sizeChart(results: readonly Result[], { document, width, roof }: SizeChartOptions): Markup {
  const points: Point[] = [
    ...results.flatMap(pointOf),
    ...roof.map(({ elements, speed }) => ({ subject: 'one copy', kind: 'roof' as const, elements, time: 1e9 / speed })),
  ].sort((a, b) => a.elements - b.elements);
  const labels = lastOfEach(points);
  const height = Math.max(260, labels.length * labelHeight + 80);
  const draw = (placed: readonly Label[]) => plotLines(document, points, placed, width, height);
  // Drawn once to learn the scale, then with labels that do not touch.
  const scale = draw([]).scale('y');
  if (!scale?.invert) return trusted('');
  const { apply, invert } = scale;
  const places = spread(labels.map(({ time }) => apply(time)));
  return trusted(draw(labels.map((label, index) => ({ ...label, at: invert(places[index] ?? 0) }))).outerHTML);
}

function plotLines(
  document: Document,
  points: readonly Point[],
  labels: readonly Label[],
  width: number,
  height: number,
) {
  const narrow = width < 500;
  const kinds = ['peer', 'roof', 'ours'] as const;
  const longest = Math.max(1, ...points.map(({ subject }) => subject.length));
  return Plot.plot({
    document,
    width,
    height,
    marginLeft: 48,
    marginRight: 14 + longest * (narrow ? 5.5 : 6.9),
    marginTop: 28,
    marginBottom: 44,
    style: { fontSize: narrow ? '10px' : '12.5px', background: 'none' },
    x: { type: 'log', base: 2, label: 'elements →', labelOffset: 40, tickFormat: powerOfTwo, ticks: narrow ? 4 : 8 },
    y: {
      type: 'log',
      label: '↑ nanoseconds per element',
      grid: true,
      ticks: 5,
      tickFormat: (value: number) => digits(value, 1),
    },
    marks: kinds.flatMap((kind) => {
      const own = points.filter((point) => point.kind === kind);
      const named = labels.filter((label) => label.kind === kind);
      return [
        Plot.line(own, { x: 'elements', y: 'time', z: 'subject', className: `line ${kind}` }),
        Plot.dot(own, { x: 'elements', y: 'time', r: kind === 'roof' ? 0 : 3.5, className: `dot ${kind}` }),
        Plot.text(named, {
          x: 'elements',
          y: 'at',
          text: 'subject',
          dx: 9,
          textAnchor: 'start',
          className: `label ${kind}`,
        }),
      ];
    }),
  });
}

function pointOf({ subject, kind, throughput, shape }: Result): Point[] {
  if (!throughput) return [];
  const elements = shape.reduce((product, length) => product * length, 1);
  return [{ subject, kind, elements, time: (throughput.callMs.median / elements) * 1e6 }];
}

/** The point of each subject at its largest size, from the top of the chart to its bottom. */
function lastOfEach(points: readonly Point[]): Label[] {
  const last = new Map(points.map((point) => [point.subject, { ...point, at: point.time }]));
  return [...last.values()].sort((a, b) => b.time - a.time);
}

/** Moves sorted positions apart until no two are closer than a label is high. */
function spread(positions: readonly number[]): number[] {
  const places = [...positions];
  for (let sweep = 0; sweep < 200; sweep++) {
    let moved = false;
    for (let index = 1; index < places.length; index++) {
      const overlap = labelHeight - ((places[index] ?? 0) - (places[index - 1] ?? 0));
      if (overlap <= 0.01) continue;
      places[index - 1] = (places[index - 1] ?? 0) - overlap / 2;
      places[index] = (places[index] ?? 0) + overlap / 2;
      moved = true;
    }
    if (!moved) break;
  }
  return places;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function powerOfTwo(value: number): string {
  const power = Math.log2(value);
  if (!Number.isInteger(power)) return '';
  return `2${[...String(power)].map((digit) => superscripts[Number(digit)] ?? digit).join('')}`;
}
