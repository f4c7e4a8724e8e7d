#!/usr/bin/env node
/**
 * `isoact-check-api [--write]`: fails when the public declarations of the built package differ from the report in its
 * folder `api/`, one file for each entry of its exports map, so that a change of what users see is seen in review.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const write = process.argv.includes('--write');

/** @type {{ name: string, exports: Record<string, string | Record<string, string>> }} */
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const temporary = mkdtempSync(join(tmpdir(), 'isoact-api-'));
mkdirSync('api', { recursive: true });

for (const [entry, conditions] of Object.entries(manifest.exports)) {
  if (typeof conditions === 'string' || !conditions.types) continue;
  const report = `${entry === '.' ? 'index' : entry.slice(2).replaceAll('/', '-')}.api.md`;
  const extractorConfig = ExtractorConfig.prepare({
    packageJsonFullPath: resolve('package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: resolve('.'),
      mainEntryPointFilePath: resolve(conditions.types),
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            ...{ module: 'esnext', moduleResolution: 'bundler', target: 'es2022', lib: ['es2023', 'dom'] },
            ...{ types: [], strict: true, skipLibCheck: true },
          },
          files: [conditions.types],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: resolve('api'),
        reportTempFolder: temporary,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        // Its own rules of documentation are not ours; what the compiler says is.
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
      },
    },
  });
  const known = existsSync(join('api', report));
  const { succeeded, apiReportChanged } = Extractor.invoke(extractorConfig, {
    localBuild: write,
    messageCallback: (message) => {
      message.handled = message.logLevel !== ExtractorLogLevel.Error;
    },
  });
  const subject = `${manifest.name} ${entry}`;
  if (apiReportChanged || !known) {
    process.stdout.write(`${subject}: ${write ? 'written' : 'what users see has changed'}: api/${report}\n`);
    if (write) continue;
    process.stdout.write('Look at the difference that `pnpm api` makes, and commit it with a changeset.\n');
    process.exitCode = 1;
  } else if (!succeeded) {
    process.stdout.write(`${subject}: its declarations do not compile\n`);
    process.exitCode = 1;
  }
}
rmSync(temporary, { recursive: true });
