/** Entry of `pnpm bench`: options, Ctrl-C and the exit code. */
import { exitCodes } from './cli/exit-codes.ts';
import { parseOptions, UsageError, usage } from './cli/options.ts';
import { isMeasuring, supervise } from './cli/supervise.ts';

// pnpm runs scripts from the repository's root; paths on the command line mean the folder the user called from.
const callerFolder = process.env.INIT_CWD ?? process.cwd();

async function main(): Promise<number> {
  const args = process.argv.slice(2).filter((arg, index) => index > 0 || arg !== '--');
  if (args[0] === 'merge') {
    const { merge } = await import('./cli/merge.ts');
    return merge(args.slice(1), callerFolder);
  }
  if (args[0] === 'plot') {
    const { plot } = await import('./cli/plot.ts');
    return plot(args.slice(1), callerFolder);
  }
  const options = parseOptions(args, callerFolder);
  if (options.help) {
    process.stdout.write(usage);
    return exitCodes.fine;
  }
  if (!isMeasuring()) return supervise(options);
  const interruption = new AbortController();
  process.on('SIGINT', () => {
    if (!interruption.signal.aborted) process.stderr.write('\nstopping; what was measured so far is being written\n');
    interruption.abort();
  });
  // The other process passes on what ends this one, unless it was ended without a chance to.
  process.on('SIGTERM', () => {});
  process.on('disconnect', () => process.exit(exitCodes.interrupted));
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
