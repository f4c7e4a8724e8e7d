/** What a published tarball must hold, and what it must not. */

/** What is wrong with a package, from its manifest and the listing of its tarball; nothing where it is right. */
export function faultsOf(manifest: Readonly<Record<string, unknown>>, listing: string): readonly string[] {
  const files = listing
    .split('\n')
    .filter(Boolean)
    .map((file) => file.replace(/^package\//, ''));
  const faults: string[] = [];
  for (const needed of ['README.md', 'LICENSE', 'package.json', 'dist/index.js', 'dist/index.d.ts']) {
    if (!files.includes(needed)) faults.push(`${needed} must be in the tarball (is not)`);
  }
  for (const file of files) {
    if (
      !/^(?:dist\/.+|README\.md|LICENSE|CHANGELOG\.md|package\.json)$/.test(file) ||
      /\.test\.|\.tsbuildinfo$|\/testing\//.test(file)
    ) {
      faults.push(`the tarball must hold what users need (held ${file})`);
    }
  }
  const {
    publishConfig,
    dependencies = {},
    peerDependencies = {},
  } = manifest as {
    publishConfig?: { access?: string; provenance?: boolean };
    dependencies?: Record<string, string>;
    peerDependencies?: Record<string, string>;
  };
  if (publishConfig?.access !== 'public') faults.push('publishConfig.access must be "public"');
  if (publishConfig?.provenance !== true) faults.push('publishConfig.provenance must be true');
  for (const [name, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
    if (/^(?:workspace|catalog):/.test(range)) faults.push(`the range of ${name} must be npm's own (was ${range})`);
  }
  return faults;
}
