/** Everything that a link restores, in the part of the address that never leaves the browser. */
import { catalogue } from '@isoact/core';
import type { Direction } from '../core/candidate.ts';
import { type BenchDtype, benchDtypes } from '../core/dtypes.ts';

const tabs = ['bench', 'conform', 'explore', 'devices'] as const;
export type Tab = (typeof tabs)[number];

export interface LinkState {
  readonly tab: Tab;
  readonly effort: 'quick' | 'full';
  readonly activations: readonly string[];
  readonly directions: readonly Direction[];
  readonly dtypes: readonly BenchDtype[];
  /** All where none is named. */
  readonly subjects: readonly string[];
  readonly elements: readonly number[];
  readonly seed: number;
  /** Whether the run starts by itself. */
  readonly run: boolean;
  /** What the explorer shows. */
  readonly explored: string;
  readonly parameters: Readonly<Record<string, number>>;
}

export const activationNames: readonly string[] = Object.keys(catalogue);
export const sizeChoices: readonly number[] = [2 ** 10, 2 ** 15, 2 ** 18, 2 ** 20, 2 ** 22, 2 ** 24];

const initial: LinkState = {
  tab: 'bench',
  effort: 'quick',
  activations: ['velu', 'adaRelu', 'gelu'],
  directions: ['forward', 'vjp'],
  dtypes: ['float32'],
  subjects: [],
  elements: [2 ** 15],
  seed: 1,
  run: false,
  explored: 'velu',
  parameters: {},
};

/** Reads a link. What is unknown or out of range is left as it is at first: a link comes from anywhere. */
export function readLink(hash: string): LinkState {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const words = (name: string) => given.get(name)?.split(',').filter(Boolean) ?? [];
  const chosen = <T extends string>(name: string, known: readonly T[], fallback: readonly T[]): readonly T[] => {
    const valid = known.filter((each) => words(name).includes(each));
    return valid.length > 0 ? valid : fallback;
  };
  const sizes = words('elements')
    .map(Number)
    .filter((each) => sizeChoices.includes(each));
  const seed = Number(given.get('seed') ?? initial.seed);
  const parameters = words('parameters').flatMap((pair) => {
    const [name, value] = pair.split(':');
    return name && value && Number.isFinite(Number(value)) ? [[name, Number(value)] as const] : [];
  });
  return {
    tab: chosen('tab', tabs, [initial.tab])[0] ?? initial.tab,
    effort: given.get('effort') === 'full' ? 'full' : 'quick',
    activations: chosen('activations', activationNames, initial.activations),
    directions: chosen('directions', ['forward', 'vjp'], initial.directions),
    dtypes: chosen('dtypes', benchDtypes, initial.dtypes),
    subjects: words('subjects').slice(0, 100),
    elements: sizes.length > 0 ? sizes : initial.elements,
    seed: Number.isSafeInteger(seed) && seed >= 0 ? seed : initial.seed,
    run: given.get('run') === '1',
    explored: chosen('explored', activationNames, [initial.explored])[0] ?? initial.explored,
    parameters: Object.fromEntries(parameters),
  };
}

/** Only what differs from the start, so that links stay short. */
export function writeLink(state: LinkState): string {
  const parameters = Object.entries(state.parameters).map(([name, value]) => `${name}:${value}`);
  const written: Record<string, string> = {
    tab: state.tab,
    effort: state.effort,
    activations: state.activations.join(','),
    directions: state.directions.join(','),
    dtypes: state.dtypes.join(','),
    subjects: state.subjects.join(','),
    elements: state.elements.join(','),
    seed: String(state.seed),
    run: state.run ? '1' : '',
    explored: state.explored,
    parameters: parameters.join(','),
  };
  const first: Record<string, string> = { ...writtenInitial };
  const changed = Object.entries(written).filter(([name, value]) => value !== first[name]);
  return changed.length === 0 ? '' : `#${new URLSearchParams(changed)}`;
}

const writtenInitial = {
  tab: initial.tab,
  effort: initial.effort,
  activations: initial.activations.join(','),
  directions: initial.directions.join(','),
  dtypes: initial.dtypes.join(','),
  subjects: '',
  elements: initial.elements.join(','),
  seed: String(initial.seed),
  run: '',
  explored: initial.explored,
  parameters: '',
};
