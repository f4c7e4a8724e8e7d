/** `pnpm docs:grades [REPORT.json]`: the table of grades in the README, from a report of `pnpm conform --json`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { catalogue } from '@isoact/core';
import { docsFolder } from './folder.ts';
import { digest, type Grades, gradesTable, withGrades } from './grades.ts';

const kept = new URL('grades.json', docsFolder);
const readme = new URL('../README.md', docsFolder);

// pnpm runs scripts from the package's folder; paths mean the folder that the user called from.
const given = process.argv.slice(2).filter((argument) => argument !== '--');
const [report] = given;
if (report) {
  const text = readFileSync(resolve(process.env.INIT_CWD ?? '.', report), 'utf8');
  writeFileSync(kept, `${JSON.stringify(digest(JSON.parse(text)), null, 1)}\n`);
}
const grades: Grades = JSON.parse(readFileSync(kept, 'utf8'));
const table = gradesTable(grades, Object.keys(catalogue));
writeFileSync(readme, withGrades(readFileSync(readme, 'utf8'), table));
