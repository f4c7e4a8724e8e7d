/** Whether the running test may write to the console. The set-up file takes the permission back before each test. */
export const consoleAllowance: { granted: boolean } = { granted: false };

/** Lets the test that calls it write to the console; the next test is watched again. */
export function allowConsole(): void {
  consoleAllowance.granted = true;
}
