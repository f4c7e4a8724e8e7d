/** Vitest set-up file: a test that writes to the console fails, unless it called `allowConsole()`. */
import { format } from 'node:util';
import { afterEach, beforeEach } from 'vitest';
import { consoleAllowance } from './allowConsole.ts';

const watchedMethods = ['error', 'warn', 'log'] as const;

let insideTest = false;
let strayLines: string[] = [];

// Plain replacements and no vitest spies: a test's own `vi.restoreAllMocks()` must not end the watch.
for (const method of watchedMethods) {
  const original = console[method];
  console[method] = (...values: unknown[]) => {
    // What a library says when it is imported belongs to no test.
    if (!insideTest || consoleAllowance.granted) original(...values);
    else strayLines.push(`console.${method}: ${format(...values)}`);
  };
}

/** What the running test wrote so far; it then counts as seen. */
export function takeStrayLines(): readonly string[] {
  const lines = strayLines;
  strayLines = [];
  return lines;
}

beforeEach(() => {
  consoleAllowance.granted = false;
  insideTest = true;
});

afterEach(() => {
  insideTest = false;
  const lines = takeStrayLines();
  if (lines.length === 0) return;
  throw new Error(
    `Console output of a test must be empty (was\n${lines.join('\n')}\n). Remove its cause, or call allowConsole() from @isoact-tooling/vitest.`,
  );
});
