import { expect, test } from 'vitest';
import { faultsOf } from './tarball.ts';

const listing = ['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts'];
const listed = (files: readonly string[]) => files.map((file) => `package/${file}\n`).join('');
const manifest = { publishConfig: { access: 'public', provenance: true }, dependencies: { '@isoact/core': '^0.1.0' } };

test('a whole package has no faults', () => {
  expect(faultsOf(manifest, listed(listing))).toEqual([]);
});

test.each(listing)('%s must be there', (file) => {
  expect(faultsOf(manifest, listed(listing.filter((each) => each !== file)))).toHaveLength(1);
});

test.each(['src/index.ts', 'dist/testing/page.js', 'dist/a.test.d.ts', 'tsconfig.tsbuildinfo'])(
  '%s must not',
  (file) => {
    expect(faultsOf(manifest, listed([...listing, file]))).toHaveLength(1);
  },
);

test.each([{}, { publishConfig: { access: 'public' } }, { ...manifest, dependencies: { a: 'catalog:' } }])(
  'a manifest that npm would take otherwise is refused: %j',
  (wrong) => {
    expect(faultsOf(wrong, listed(listing)).length).toBeGreaterThan(0);
  },
);
