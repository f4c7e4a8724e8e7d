/** Entry of `pnpm bench`. */
import { resolve } from 'node:path';

// pnpm runs scripts from the repository's root; paths on the command line mean the folder the user called from.
const callerFolder = process.env.INIT_CWD ?? process.cwd();

process.stdout.write(`bench ${JSON.stringify(process.argv.slice(2))} called from ${resolve(callerFolder)}\n`);
