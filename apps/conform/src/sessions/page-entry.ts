/** What the command asks of a page. */
import type { SubjectReport } from '@isoact/core/conformance';
import { loadBrowserGroup } from '../subjects/browser.ts';
import type { LoadedGroup } from '../subjects/subject.ts';
import { evaluateAt, runActivation } from './run-group.ts';
import type { EvaluationRequest, RunRequest } from './session.ts';

declare global {
  /** Put there by the command. */
  function isoactCase(id: string): Promise<void>;
}

let group: LoadedGroup | null = null;

/** Null, or why the browser lacks the backend. */
export async function open(name: string): Promise<string | null> {
  try {
    group = await loadBrowserGroup(name);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export async function run(request: RunRequest): Promise<SubjectReport> {
  if (!group) throw new Error('a group must be opened first (was not).');
  return runActivation(group, request, (id) => void globalThis.isoactCase(id));
}

export async function evaluate(request: EvaluationRequest): Promise<readonly number[] | null> {
  if (!group) throw new Error('a group must be opened first (was not).');
  return evaluateAt(group, request);
}

export async function close(): Promise<void> {
  await group?.backend.dispose();
}
