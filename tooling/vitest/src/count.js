/**
 * `count.js [status]`: prints `N passed, N failed`, summed over the results that `pnpm test` left in each package, given
 * the status that it ended with. Exits with 1 when anything failed, or nothing ran.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const exitStatus = Number(process.argv[2] ?? 0);
let passed = 0;
let failed = 0;

for (const room of ['packages', 'apps', 'tooling']) {
  for (const name of readdirSync(join(root, room))) {
    const folder = join(root, room, name);
    if (!existsSync(join(folder, 'vitest.config.ts'))) continue;
    const file = join(folder, '.cache/test-results.json');
    if (!existsSync(file)) {
      process.stderr.write(`${room}/${name} must leave test results (there are none): its tests did not finish.\n`);
      failed += 1;
      continue;
    }
    const results = JSON.parse(readFileSync(file, 'utf8'));
    passed += results.numPassedTests;
    failed += results.numFailedTests;
    // A file that fails to load has no tests to count.
    for (const suite of results.testResults) {
      if (suite.status === 'failed' && suite.assertionResults.length === 0) failed += 1;
    }
  }
}

// An error outside of every test fails the run and no test.
if (exitStatus !== 0 && failed === 0) failed = 1;

process.stdout.write(`${passed} passed, ${failed} failed\n`);
if (failed > 0 || passed === 0) process.exitCode = 1;
