/** Shared through globalThis: the set-up file and a test may load two copies of this module. */
const key = Symbol.for('@isoact-tooling/vitest/consoleAllowance');
const shared = globalThis as { [key]?: { granted: boolean } };

export const consoleAllowance: { granted: boolean } = (shared[key] ??= { granted: false });

/** Lets the test that calls it write to the console; the next test is watched again. */
export function allowConsole(): void {
  consoleAllowance.granted = true;
}
