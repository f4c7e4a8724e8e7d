#!/usr/bin/env node
/** `isoact-check-licences`: fails when a dependency has a licence that is not listed here, or none that is known. */
import { execFileSync } from 'node:child_process';

/** What users install with our packages: nothing that asks more of them than a notice. */
const published = ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD'];

/** What only we install, to build and to test. */
const tools = [
  ...published,
  'BlueOak-1.0.0',
  'Python-2.0',
  'MPL-2.0',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'Unlicense',
  'MIT-0',
];

/** Packages whose manifest names no licence, and the one that their files contain. */
const read = new Map([['spawndamnit', 'MIT']]);

check(['--filter', './packages/*', 'licenses', 'list', '--prod', '--json'], published, 'of published packages');
check(['--recursive', 'licenses', 'list', '--json'], tools, 'of the repository');

/**
 * @param {readonly string[]} command
 * @param {readonly string[]} allowed
 * @param {string} whose
 */
function check(command, allowed, whose) {
  const output = execFileSync('npx', ['-y', 'pnpm@12', ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 26,
  });
  /** @type {Record<string, readonly { name: string, versions: readonly string[] }[]>} */
  const found = JSON.parse(output);
  const packages = Object.entries(found).flatMap(([licence, list]) => list.map((each) => ({ licence, ...each })));
  if (packages.length === 0) throw new Error(`A dependency ${whose} must be found (none was).`);
  for (const { name, versions, licence } of packages) {
    if (allows(allowed, read.get(name) ?? licence)) continue;
    process.stdout.write(
      `${name} ${versions.join(', ')}: the licence must be one that is allowed here (was ${licence})\n`,
    );
    process.exitCode = 1;
  }
  process.stdout.write(`${packages.length} dependencies ${whose}\n`);
}

/**
 * Whether one choice of an SPDX expression asks for allowed licences only.
 * @param {readonly string[]} allowed
 * @param {string} expression
 */
function allows(allowed, expression) {
  const choices = expression.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((licence) => allowed.includes(licence)));
}
