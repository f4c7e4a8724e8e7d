/** Entry of `pnpm bench`: options, Ctrl-C and the exit code. */
import { parseOptions, UsageError, usage } from './cli/options.ts';

// pnpm runs scripts from the repository's root; paths on the command line mean the folder the user called from.
const callerFolder = process.env.INIT_CWD ?? process.cwd();
const usageExitCode = 64;
const interruptedExitCode = 130;

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), callerFolder);
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // The first lets the file be written, the second does not wait.
      if (interruption.signal.aborted) process.exit(interruptedExitCode);
      interruption.abort();
      process.stderr.write('\nstopping; what was measured so far is being written\n');
    });
  }
  // Loaded after the options are known to be good: the runtimes behind it take a second.
  const { bench } = await import('./cli/main.ts');
  return bench(options, interruption.signal);
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(`bench: ${error instanceof Error ? (isUsage ? error.message : error.stack) : error}\n`);
  if (isUsage) process.stderr.write('Try --help.\n');
  process.exitCode = isUsage ? usageExitCode : 1;
}
// Native runtimes may keep threads that keep the process.
process.stdout.write('', () => process.exit());
