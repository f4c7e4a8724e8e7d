/** What the command says: results to stdout, all else to stderr. */
import type { Progress } from '../node/files.ts';
import type { ReplacementReport } from '../surgery/replace.ts';
import type { FoundActivation } from '../surgery/rules.ts';

/** Where the command writes to. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether a person looks at `err`, so that a line may be written over. */
  readonly isInteractive: boolean;
}

export const printJson = ({ out }: Terminal, value: unknown): void => out(`${JSON.stringify(value, null, 2)}\n`);

/** Smaller files are done before a person could read it. */
const worthShowing = 2 ** 26;

/** Percent on a terminal, for large files. */
export function progressLine({ err, isInteractive }: Terminal): Progress {
  let last = '';
  return (step, done, total) => {
    if (!isInteractive || (step !== 'copy' && total < worthShowing)) return;
    const line = `${step}: ${Math.floor((100 * done) / total)} %`;
    if (line !== last) err(`\r${line}${done === total ? '\n' : ''}`);
    last = line;
  };
}

export function describe({ activation, parameters, operators, nodes, graph }: FoundActivation): string {
  const settings = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  const spelled = operators.length > 1 ? ` (${operators.join(' ')})` : '';
  const where = graph === 'graph' ? '' : ` in ${graph}`;
  return `${nodes.at(-1)}${where}: ${activation}${settings.length > 0 ? ` ${settings.join(' ')}` : ''}${spelled}`;
}

export function printReport(
  { out }: Terminal,
  { replaced, unchanged, kept, bytesBefore, bytesAfter }: ReplacementReport,
): void {
  const print = (line: string): void => out(`${line}\n`);
  for (const entry of replaced) {
    print(`${describe(entry)} → ${entry.to}`);
    for (const note of entry.notes) print(`  note: ${note}`);
  }
  for (const entry of unchanged) print(`${describe(entry)}: is that already`);
  const counts = [`${replaced.length} replaced`, `${unchanged.length} unchanged`, `${kept.length} kept`];
  print(`${counts.join(', ')}; ${bytesBefore} bytes before, ${bytesAfter} after`);
}
