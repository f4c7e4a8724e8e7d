/** A plot of an activation and its derivative over one row of inputs, as SVG. */
import { type Activation, createReference } from '@isoact/core';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const points = 241;

/** The curve over [-4, 4], one for each part of y; an activation with statistics sees all of its inputs as one row. */
export function curve(activation: Activation): string {
  const x = Float64Array.from({ length: points }, (_, index) => -4 + (8 * index) / (points - 1));
  // the channel axis so that the parts of y lie one after another
  const { forward, vjp } = createReference(activation, { shape: [1, points], channelAxis: 0 });
  const { y } = forward({ x });
  const { x: slope } = vjp({ x, upstream: { y: y.map(() => 1) } });
  const rows = Array.from(x, (at, index) => ({ x: at, slope: slope[index] as number }));
  const values = Array.from(y, (value, index) => ({
    x: x[index % points],
    y: value,
    part: Math.floor(index / points),
  }));
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const figure = Plot.plot({
    document,
    width: 420,
    height: 220,
    style: { background: 'white', color: '#222' },
    x: { label: 'x', grid: true },
    y: { label: null, grid: true },
    marks: [
      Plot.ruleX([0], { stroke: '#999' }),
      Plot.ruleY([0], { stroke: '#999' }),
      Plot.line(rows, { x: 'x', y: 'slope', stroke: '#c2571a', strokeDasharray: '5 3' }),
      Plot.line(values, { x: 'x', y: 'y', z: 'part', stroke: '#1f5fbf', strokeWidth: 2 }),
    ],
  });
  figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${figure.outerHTML}\n`;
}
