/** The VeLU paper's figures 1 and 2, drawn by the reference. */
import { type Activation, createReference, gelu, relu, swish, velu } from '@isoact/core';
import * as Plot from '@observablehq/plot';
import { useEffect, useMemo, useRef } from 'preact/hooks';

interface Line {
  readonly name: string;
  readonly activation: Activation;
}

interface Point {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

const shape = velu.presets.figure2;

const figures: readonly { readonly title: string; readonly lines: readonly Line[] }[] = [
  {
    title: 'As in figure 1: what the parameters do',
    lines: [
      { name: 'α = 2, β₁ = 1, β₂ = 0.7', activation: velu(shape) },
      { name: 'α = 1', activation: velu({ ...shape, alpha: 1 }) },
      { name: 'α = 4', activation: velu({ ...shape, alpha: 4 }) },
      { name: 'β₁ = 4', activation: velu({ ...shape, beta1: 4 }) },
      { name: 'β₂ = 0', activation: velu({ ...shape, beta2: 0 }) },
      { name: 'defaults', activation: velu() },
    ],
  },
  {
    title: 'Figure 2: VeLU beside ReLU, Swish and GELU',
    lines: [
      { name: 'VeLU', activation: velu(shape) },
      { name: 'ReLU', activation: relu() },
      { name: 'Swish', activation: swish() },
      { name: 'GELU', activation: gelu() },
    ],
  },
];

/** The paper's abscissae: 300 from -1.5 to 1.5, one row, over which VeLU's statistic is taken. */
const count = 300;
const limit = 1.5;

function pointsOf({ name, activation }: Line): Point[] {
  const x = Float64Array.from({ length: count }, (_, index) => limit * ((2 * index) / (count - 1) - 1));
  const { y } = createReference(activation, { shape: [1, count] }).forward({ x });
  return Array.from(x, (at, index) => ({ name, x: at, y: y[index] ?? Number.NaN }));
}

export const PaperFigures = () => (
  <>
    <h3>The paper’s figures</h3>
    <div class="figures">
      {figures.map(({ title, lines }) => (
        <Figure key={title} title={title} lines={lines} />
      ))}
    </div>
  </>
);

function Figure({ title, lines }: { readonly title: string; readonly lines: readonly Line[] }) {
  const place = useRef<HTMLDivElement>(null);
  const points = useMemo(() => lines.flatMap(pointsOf), [lines]);
  useEffect(() => {
    const width = Math.min(560, place.current?.clientWidth || 560);
    const names = lines.map(({ name }) => name);
    const plot = Plot.plot({
      width,
      height: width * 0.68,
      marginRight: 16,
      style: { background: 'none', fontSize: '13px' },
      x: { label: 'x →' },
      y: { label: '↑ y', grid: true },
      // Dashes beside colours, for those who do not see the colours.
      color: {
        domain: names,
        range: ['var(--ours)', 'var(--peer)', 'var(--third)', 'var(--fourth)', 'var(--quiet)', 'var(--text)'],
      },
      marks: [
        Plot.ruleX([0], { strokeOpacity: 0.3 }),
        Plot.ruleY([0], { strokeOpacity: 0.3 }),
        ...names.map((name, index) =>
          Plot.line(
            points.filter((point) => point.name === name),
            { x: 'x', y: 'y', stroke: 'name', strokeWidth: 2, strokeDasharray: dashes[index] ?? '' },
          ),
        ),
      ],
    });
    // The image around it has the words.
    plot.setAttribute('aria-hidden', 'true');
    place.current?.replaceChildren(plot);
  }, [points, lines]);
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div ref={place} role="img" aria-label={`${title}: ${lines.map(({ name }) => name).join(', ')}`} class="curve" />
      <ul class="key">
        {lines.map(({ name }, index) => (
          <li key={name}>
            <svg width="28" height="8" aria-hidden="true" class={`stroke-${index}`}>
              <line x1="0" x2="28" y1="4" y2="4" stroke-width="2.5" stroke-dasharray={dashes[index] ?? ''} />
            </svg>{' '}
            {name}
          </li>
        ))}
      </ul>
    </figure>
  );
}

const dashes: readonly string[] = ['', '7 4', '2 3', '9 3 2 3', '4 2', '1 4'];
