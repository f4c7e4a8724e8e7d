import { ExploreTab } from '@isoact-apps/bench/explorer';
import { h } from 'preact';
import { useState } from 'preact/hooks';

const first = { explored: 'velu', parameters: {} as Readonly<Record<string, number>> };

/** The explorer with a state of its own; on the benchmark's page the address holds it. */
export function ExploreSection() {
  const [state, setState] = useState(first);
  return h(ExploreTab, { state, update: (change: Partial<typeof first>) => setState({ ...state, ...change }) });
}
