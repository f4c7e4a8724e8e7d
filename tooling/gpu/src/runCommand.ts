/** A command in an environment of its own, as if the terminal had started it. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const launchedVariable = 'ISOACT_LAUNCHED';

/** When the launcher of this process began, or this process where it has none: milliseconds of the epoch. */
export function startOfCommand(): number {
  const [launcher, time] = process.env[launchedVariable]?.split(' ') ?? [];
  // A process that the command starts inherits the variable, and is not meant by it.
  return Number(launcher) === process.ppid ? Number(time) : performance.timeOrigin;
}

/** Resolves to the command's exit code. @throws where it cannot be started. */
export function runCommand(
  command: string,
  commandArguments: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const child = spawn(command, commandArguments, {
    env: { ...environment, [launchedVariable]: `${process.pid} ${performance.timeOrigin}` },
    stdio: 'inherit',
    // Commands installed by npm are .cmd files there, which only a shell runs.
    shell: process.platform === 'win32',
  });
  // A terminal's Ctrl-C reaches the child by itself; this process only waits for it to end well.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));

  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}
