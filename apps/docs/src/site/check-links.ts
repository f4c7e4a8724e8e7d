/** Every link and anchor inside of the built site leads somewhere. No network is asked. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brokenLinks } from './broken-links.ts';

const folder = fileURLToPath(new URL('../../dist/', import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
const pages = new Map(
  files.filter((file) => file.endsWith('.html')).map((file) => [`/${file}`, readFileSync(`${folder}${file}`, 'utf8')]),
);
const broken = brokenLinks(pages, new Set(files.map((file) => `/${file}`)));
for (const { page, target } of broken) process.stdout.write(`${page}: ${target} leads nowhere\n`);
process.stdout.write(`${pages.size} pages, ${broken.length} broken links\n`);
if (pages.size === 0 || broken.length > 0) process.exitCode = 1;
