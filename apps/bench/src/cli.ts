/** Entry of `pnpm bench`: options, Ctrl-C and the exit code. */
import { exitCodes } from './cli/exit-codes.ts';
import { parseOptions, UsageError, usage } from './cli/options.ts';

// pnpm runs scripts from the repository's root; paths on the command line mean the folder the user called from.
const callerFolder = process.env.INIT_CWD ?? process.cwd();

/** Signals this close together come from one press of Ctrl-C. */
const sameKeyMs = 1_000;

async function main(): Promise<number> {
  const args = process.argv.slice(2).filter((arg, index) => index > 0 || arg !== '--');
  if (args[0] === 'merge') {
    const { merge } = await import('./cli/merge.ts');
    return merge(args.slice(1), callerFolder);
  }
  const options = parseOptions(args, callerFolder);
  if (options.help) {
    process.stdout.write(usage);
    return exitCodes.fine;
  }
  const interruption = new AbortController();
  let interruptedAt = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const again = interruption.signal.aborted;
      // A terminal and the script runner may both send the first one.
      if (again && performance.now() - interruptedAt < sameKeyMs) return;
      // The first lets the files be written, a later one does not wait.
      if (again) process.exit(exitCodes.interrupted);
      interruptedAt = performance.now();
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
  process.exitCode = isUsage ? exitCodes.usage : 1;
}
// Native runtimes may keep threads that keep the process.
process.stdout.write('', () => process.exit());
