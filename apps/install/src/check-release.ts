/**
 * `check:release`: makes the next release in a copy, looks into each tarball, and lets npm go through the motions of
 * publishing it. Nothing leaves this machine.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './command.ts';
import { makeRelease, type Release } from './release.ts';
import { faultsOf } from './tarball.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

async function check(release: Release, folder: string): Promise<readonly string[]> {
  const { tarball, name, version } = release;
  const listed = await runCommand('tar', ['tzf', tarball], { cwd: folder });
  // Provenance is signed where the release workflow runs; here only the rest is tried.
  await runCommand('npm', ['publish', '--dry-run', '--provenance=false', tarball], { cwd: folder });
  process.stdout.write(`${name} ${version}: ${listed.trim().split('\n').length} files\n`);
  return faultsOf(release.manifest, listed).map((fault) => `${name}: ${fault}`);
}

const folder = await mkdtemp(join(tmpdir(), 'isoact-release-'));
try {
  const releases = await makeRelease(repository, folder);
  const versions = new Set(releases.map(({ version }) => version));
  const faults = (await Promise.all(releases.map((release) => check(release, folder)))).flat();
  if (versions.size !== 1) faults.push(`all packages must share one version (had ${[...versions].join(', ')})`);
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
