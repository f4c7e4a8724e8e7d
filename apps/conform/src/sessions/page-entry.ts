/** What the command asks of a page. */
import { loadBrowserGroup } from '../subjects/browser.ts';
import type { LoadedGroup } from '../subjects/subject.ts';
import { evaluateAt, runActivation } from './run-group.ts';
import type { EvaluationRequest, RunRequest } from './session.ts';
import { createTeller } from './telling.ts';
import { toText } from './text.ts';

declare global {
  /** Put there by the command. */
  function isoactCase(id: string, begun: number): Promise<void>;
}

const groups = new Map<string, LoadedGroup>();
const teller = createTeller((id, begun) => void globalThis.isoactCase(id, begun));

function opened(name: string): LoadedGroup {
  const group = groups.get(name);
  if (!group) throw new Error(`the group ${name} must be opened first (was not).`);
  return group;
}

/** Null, or why the browser lacks the backend. */
export async function open(name: string): Promise<string | null> {
  try {
    groups.set(name, await loadBrowserGroup(name));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The report, as `toText` writes it. */
export const run = (request: RunRequest): Promise<string> =>
  runActivation(opened(request.group), request, teller.begin).finally(teller.end).then(toText);

export const evaluate = (request: EvaluationRequest): Promise<readonly number[] | null> =>
  evaluateAt(opened(request.group), request);

export async function close(): Promise<void> {
  for (const { backend } of groups.values()) await backend.dispose();
}
