/**
 * The one vitest configuration. Tests run from source: `@isoact/source` comes first in every exports map, so neither
 * a build nor a watch process is needed.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const sourceCondition = '@isoact/source';

// Type tests cost a run of the compiler, so a package without any does not pay for them.
const hasTypeTests = readdirSync('src', { recursive: true }).some((file) => String(file).endsWith('.test-d.ts'));

// The forks inherit this process's environment when they start, which is early enough for the Vulkan loader. Below the
// launcher (`pnpm test`) the variables are there; `npx vitest` in a package gets them here.
if (!process.env.ISOACT_GPU_KIND) {
  const script = fileURLToPath(import.meta.resolve('@isoact-tooling/gpu/printVariables'));
  const tsx = import.meta.resolve('tsx');
  const variables = execFileSync(process.execPath, ['--import', tsx, script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  Object.assign(process.env, JSON.parse(variables));
}

export default defineConfig({
  resolve: { conditions: [sourceCondition, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [sourceCondition, ...defaultServerConditions] } },
  test: {
    include: ['src/**/*.test.ts'],
    // .ci/run fails when nothing at all ran.
    passWithNoTests: true,
    typecheck: { enabled: hasTypeTests, include: ['src/**/*.test-d.ts'] },
    setupFiles: [fileURLToPath(new URL('./strayConsole.ts', import.meta.url))],
    // A GPU device belongs to one process; threads would share it, and its native library with it.
    pool: 'forks',
    // A software GPU on two cores compiles a shader in seconds.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', 'json'],
    outputFile: { json: '.cache/test-results.json' },
  },
});
