/**
 * The next release, made in a copy of the repository: versions and changelogs by changesets, tarballs by pnpm. Nothing
 * of the repository itself changes, and nothing leaves this machine.
 */
import { cp, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from './command.ts';

export interface Release {
  readonly name: string;
  readonly version: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly tarball: string;
}

/** Packs every published package, built before, into `folder`. */
export async function makeRelease(repository: string, folder: string): Promise<readonly Release[]> {
  const copy = join(folder, 'repository');
  await copyRepository(repository, copy);
  await pnpm(['install', '--offline', '--frozen-lockfile', '--ignore-scripts'], copy);
  await runCommand(process.execPath, [join(copy, 'node_modules/@changesets/cli/bin.js'), 'version'], { cwd: copy });

  const tarballs = join(folder, 'tarballs');
  await mkdir(tarballs, { recursive: true });
  const packages = (await readdir(join(copy, 'packages'))).toSorted();
  return Promise.all(
    packages.map(async (name) => {
      const packed: unknown = JSON.parse(
        await pnpm(['pack', '--json', '--pack-destination', tarballs], join(copy, 'packages', name)),
      );
      const { filename } = packed as { filename: string };
      const manifest = JSON.parse(await runCommand('tar', ['xzOf', filename, 'package/package.json'], { cwd: copy }));
      return { name: manifest.name, version: manifest.version, manifest, tarball: filename };
    }),
  );
}

/** Everything that git tracks or would track, as it stands in the working tree, and what was built. */
async function copyRepository(repository: string, copy: string): Promise<void> {
  const listed = await runCommand('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
  });
  const files = listed.split('\0').filter(Boolean);
  const built = (await readdir(join(repository, 'packages'))).map((name) => `packages/${name}/dist`);
  for (const file of [...files, ...built]) {
    await mkdir(dirname(join(copy, file)), { recursive: true });
    // A file that was deleted and not yet committed is listed and not there.
    await cp(join(repository, file), join(copy, file), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' || built.includes(file)) throw error;
    });
  }
  // The changelog names the commits that brought its entries.
  const author = ['-c', 'user.name=release', '-c', 'user.email=release@localhost'];
  await runCommand('git', ['init', '--quiet', '--initial-branch=main'], { cwd: copy });
  await runCommand('git', ['add', '--all'], { cwd: copy });
  await runCommand('git', [...author, 'commit', '--quiet', '--message=The tree as it stands'], { cwd: copy });
}

/** The pnpm that runs this script where one does, else the one that npx finds. */
export function pnpm(
  values: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return runCommand('npx', ['-y', 'pnpm@12', ...values], { cwd, env });
}
