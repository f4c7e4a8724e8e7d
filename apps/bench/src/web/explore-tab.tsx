/** Each activation with its curve, its gradient and its formula, and sliders for its parameters. */
import { type Activation, catalogue } from '@isoact/core';
import { printText } from '@isoact/core/print';
import * as Plot from '@observablehq/plot';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { digits } from '../core/units.ts';
import { type CurvePoint, curveOf } from './curve.ts';
import { activationNames, type LinkState } from './link-state.ts';
import { PaperFigures } from './paper-figures.tsx';

interface ExploreTabProps {
  readonly state: Explored;
  readonly update: (change: Partial<Explored>) => void;
}

/** What it shows; the page's address has more. */
type Explored = Pick<LinkState, 'explored' | 'parameters'>;

/** What the explorer needs of a definition whose parameters differ from the next one's. */
interface AnyDefinition {
  (settings?: Readonly<Record<string, unknown>>): Activation;
  readonly source: string | undefined;
  readonly parameters: Readonly<Record<string, { readonly default: number }>>;
  readonly presets: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function ExploreTab({ state, update }: ExploreTabProps) {
  const definition = catalogue[state.explored as keyof typeof catalogue] as unknown as AnyDefinition;
  const [preset, setPreset] = useState('');
  const [range, setRange] = useState(6);
  const settings = { ...definition.presets[preset], ...state.parameters };
  const [activation, problem] = useMemo(() => activate(definition, settings), [definition, JSON.stringify(settings)]);
  const choose = (explored: string) => {
    setPreset('');
    update({ explored, parameters: {} });
  };
  return (
    <section>
      <h2>Explorer</h2>
      <div class="actions">
        <label>
          Activation{' '}
          <select value={state.explored} onChange={({ currentTarget }) => choose(currentTarget.value)}>
            {activationNames.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        {Object.keys(definition.presets).length > 0 && (
          <label>
            Preset{' '}
            <select
              value={preset}
              onChange={({ currentTarget }) => {
                setPreset(currentTarget.value);
                update({ parameters: {} });
              }}
            >
              <option value="">defaults</option>
              {Object.keys(definition.presets).map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        <Slider name="range of x" value={range} low={1} high={20} onChange={setRange} />
      </div>
      <div class="actions">
        {Object.entries(activation.parameters).map(([name, value]) => (
          <Slider
            key={name}
            name={name}
            value={value}
            {...boundsOf(activation, name)}
            onChange={(next) => update({ parameters: { ...state.parameters, [name]: next } })}
          />
        ))}
      </div>
      {problem && <p class="banner">{problem}</p>}
      <Curve activation={activation} range={range} />
      <Formula activation={activation} />
      {definition.source && <p class="quiet">{definition.source}</p>}
      {state.explored === 'velu' && <PaperFigures />}
    </section>
  );
}

/** A link may carry values outside of a domain: the defaults are shown then, and the reason. */
function activate(definition: AnyDefinition, settings: Readonly<Record<string, unknown>>): [Activation, string | null] {
  try {
    return [definition(settings), null];
  } catch (error) {
    return [definition(), error instanceof Error ? error.message : String(error)];
  }
}

/** From the domain where it is bounded, else a few units either way. */
function boundsOf({ declarations }: Activation, name: string): { low: number; high: number } {
  const { above, atLeast, atMost } = declarations[name]?.domain ?? {};
  return { low: atLeast ?? (above === undefined ? -3 : above + 0.01), high: atMost ?? 3 };
}

interface SliderProps {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly onChange: (value: number) => void;
}

const Slider = ({ name, value, low, high, onChange }: SliderProps) => (
  <label class="slider">
    <span>
      {name} <output>{digits(value)}</output>
    </span>
    <input
      type="range"
      min={Math.min(low, value)}
      max={Math.max(high, value)}
      step={0.01}
      value={value}
      onInput={({ currentTarget }) => onChange(Number(currentTarget.value))}
    />
  </label>
);

function pointsOrProblem(activation: Activation, range: number): { points: readonly CurvePoint[]; problem: string } {
  try {
    return { points: curveOf(activation, range), problem: '' };
  } catch (error) {
    return { points: [], problem: (error as Error).message };
  }
}

function Curve({ activation, range }: { readonly activation: Activation; readonly range: number }) {
  const place = useRef<HTMLDivElement>(null);
  const { points, problem } = useMemo(() => pointsOrProblem(activation, range), [activation, range]);
  useEffect(() => {
    const width = Math.min(760, place.current?.clientWidth ?? 760);
    const figure = Plot.plot({
      width,
      height: Math.min(420, width * 0.7),
      style: { background: 'none', fontSize: '13px' },
      x: { label: 'x →' },
      y: { label: '↑ y, and its gradient (dashed)', grid: true },
      marks: [
        Plot.ruleX([0], { strokeOpacity: 0.3 }),
        Plot.ruleY([0], { strokeOpacity: 0.3 }),
        Plot.line(
          points.filter(({ curve }) => curve === 'y'),
          { x: 'x', y: 'value', z: 'part', className: 'line ours' },
        ),
        Plot.line(
          points.filter(({ curve }) => curve === 'gradient'),
          { x: 'x', y: 'value', strokeDasharray: '5 4', className: 'line peer' },
        ),
      ],
    });
    // The image around it has the words.
    figure.setAttribute('aria-hidden', 'true');
    place.current?.replaceChildren(figure);
  }, [points]);
  return (
    <>
      {problem && <p class="banner">{problem}</p>}
      <div
        ref={place}
        role="img"
        aria-label={`${activation.name} and its gradient from ${-range} to ${range}`}
        class="curve"
      />
    </>
  );
}

function Formula({ activation }: { readonly activation: Activation }) {
  const lines = useMemo(() => {
    const { definitions, formula } = printText(activation.forward.y);
    return [...definitions.map(({ name, formula: part }) => `${name} = ${part}`), `y = ${formula}`];
  }, [activation]);
  return (
    <>
      <h3>Formula</h3>
      <pre class="formula">{lines.join('\n')}</pre>
    </>
  );
}
