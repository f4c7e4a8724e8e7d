/** Vitest set-up file: a test that writes to the console fails, unless it called `allowConsole()`. */
import { format } from 'node:util';
import { afterEach, beforeEach } from 'vitest';
import { consoleAllowance } from './allowConsole.ts';

const watchedMethods = ['error', 'warn', 'log'] as const;

let strayLines: string[] = [];

// Plain replacements and no vitest spies: a test's own `vi.restoreAllMocks()` must not switch the watch off.
for (const method of watchedMethods) {
  const original = console[method];
  console[method] = (...values: unknown[]) => {
    if (consoleAllowance.granted) original(...values);
    else strayLines.push(`console.${method}: ${format(...values)}`);
  };
}

beforeEach(() => {
  consoleAllowance.granted = false;
  strayLines = [];
});

afterEach(() => {
  if (strayLines.length === 0) return;
  throw new Error(
    `console output of a test must be empty (was\n${strayLines.join('\n')}\n). Remove its cause, or call allowConsole() from @isoact-tooling/vitest.`,
  );
});
