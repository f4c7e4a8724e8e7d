/** A registry for the tarballs of one scope, so that `npm install` can be typed as a README prints it. */
import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { servePages } from '@isoact-tooling/gpu/browser';
import type { Release } from './release.ts';

export interface Registry {
  /** Makes npm and pnpm in this folder take `@isoact/*` from here, and the rest from where they always do. */
  useIn(folder: string): Promise<void>;
  close(): Promise<void>;
}

export async function serveRegistry(releases: readonly Release[]): Promise<Registry> {
  const tarballs: Record<string, Uint8Array> = {};
  const documents: Record<string, string> = {};
  // The port is known only when the server listens, and the documents name it: they are filled in afterwards.
  const server = await servePages({
    files: new Proxy({}, { get: (_, path) => tarballs[String(path)] ?? documents[String(path)] }),
  });
  for (const { name, version, manifest, tarball } of releases) {
    const bytes = await readFile(tarball);
    const path = `/${basename(tarball)}`;
    tarballs[path] = bytes;
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    const shasum = createHash('sha1').update(bytes).digest('hex');
    documents[`/${name}`] = JSON.stringify({
      name,
      'dist-tags': { latest: version },
      // Long ago: package managers may refuse what was published today.
      time: {
        created: '2020-01-01T00:00:00.000Z',
        modified: '2020-01-01T00:00:00.000Z',
        [version]: '2020-01-01T00:00:00.000Z',
      },
      versions: { [version]: { ...manifest, dist: { tarball: `${server.origin}${path}`, integrity, shasum } } },
    });
  }
  return {
    useIn: (folder) => appendFile(join(folder, '.npmrc'), `@isoact:registry=${server.origin}/\n`),
    close: server.close,
  };
}
