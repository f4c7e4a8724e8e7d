/** A folder that is filled once, whichever of several processes comes first, and kept for the next run. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Beside the installed packages: it belongs to whoever installed, and goes when they are removed.
const cacheRoot = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));

/**
 * The folder `name` of the cache. `fill` works in a private folder that is renamed when it is whole, so a reader never
 * sees half of it. The name must carry the version of what it holds.
 */
export async function cachedFolder(
  name: string,
  fill: (folder: string) => Promise<void>,
  root: string = cacheRoot,
): Promise<string> {
  const folder = join(root, name);
  if (existsSync(folder)) return folder;

  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.`);
  try {
    await fill(unfinished);
    // mkdtemp's folders are private; another user may run what this one installed.
    await chmod(unfinished, 0o755);
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another process was first: its folder holds the same.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
