/** The newest Node that npm offers, installed once for each version. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';

export interface NodeProgram {
  readonly version: string;
  readonly path: string;
}

export const thisNode: NodeProgram = { version: process.version, path: process.execPath };

/** npm's package `node` carries the program itself. `folder` keeps it for the next run. */
export async function newestNode(folder: string): Promise<NodeProgram> {
  const version = (await runCommand('npm', ['view', 'node', 'version'], { cwd: '.' })).trim();
  const place = join(folder, `node-${version}`);
  await mkdir(place, { recursive: true });
  const path = join(place, 'node_modules/node/bin/node');
  const installed = await runCommand(path, ['--version'], { cwd: place }).catch(() => '');
  if (installed.trim() !== `v${version}`) {
    // Without a manifest of its own, npm would walk up to this package's.
    await writeFile(join(place, 'package.json'), '{ "private": true }\n');
    await runCommand('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], { cwd: place });
  }
  return { version: `v${version}`, path };
}
