/** What the command asks of a page. */
import { loadBrowserGroup } from '../subjects/browser.ts';
import type { LoadedGroup } from '../subjects/subject.ts';
import { evaluateAt, runActivation } from './run-group.ts';
import type { EvaluationRequest, RunRequest } from './session.ts';
import { toText } from './text.ts';

declare global {
  /** Put there by the command. */
  function isoactCase(id: string): Promise<void>;
}

const groups = new Map<string, LoadedGroup>();

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

/** Milliseconds between messages about cases: one costs the browser and the command more than most cases do. */
const pause = 200;
let pausing = false;
let untold: string | null = null;

/** Tells of a case, at once or after the pause, if it is still the last one then. */
function tell(id: string): void {
  untold = id;
  if (pausing) return;
  pausing = true;
  void globalThis.isoactCase(id);
  untold = null;
  setTimeout(() => {
    pausing = false;
    if (untold !== null) tell(untold);
  }, pause);
}

/** The report, as `toText` writes it. */
export const run = (request: RunRequest): Promise<string> =>
  runActivation(opened(request.group), request, tell)
    .finally(() => {
      untold = null;
    })
    .then(toText);

export const evaluate = (request: EvaluationRequest): Promise<readonly number[] | null> =>
  evaluateAt(opened(request.group), request);

export async function close(): Promise<void> {
  for (const { backend } of groups.values()) await backend.dispose();
}
