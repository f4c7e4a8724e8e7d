/** Other programs, run to their end. */
import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
}

/** A command that ended with something else than 0; the message ends with what it said. */
class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Resolves to what the command wrote to stdout. Throws CommandError with the end of both streams when it fails. */
export function runCommand(command: string, values: readonly string[], options: CommandOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    // Bundling with Vite leaves it set in this process, and npm would then pass over development dependencies.
    const { NODE_ENV: _, ...inherited } = process.env;
    const child = spawn(command, values, {
      cwd: options.cwd,
      env: { ...inherited, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: (options.timeoutSeconds ?? 300) * 1000,
      // Commands installed by npm are .cmd files there, which only a shell runs.
      shell: process.platform === 'win32',
    });
    let output = '';
    let everything = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      everything += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      everything += text;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else
        reject(
          new CommandError(`${[command, ...values].join(' ')} ended with ${signal ?? code}.\n${tail(everything)}`),
        );
    });
  });
}

const tail = (text: string): string => text.trim().split('\n').slice(-25).join('\n');
