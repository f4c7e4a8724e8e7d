/** The pages that TypeDoc wrote, for the sidebar. */
import { existsSync, readFileSync } from 'node:fs';
import { docsFolder } from '../folder.ts';

interface Page {
  readonly text: string;
  readonly link: string;
}

const index = new URL('reference/index.md', docsFolder);

/** From the list of modules on the reference's first page; none before it was written. */
export function referencePages(): Page[] {
  if (!existsSync(index)) return [];
  return [...readFileSync(index, 'utf8').matchAll(/^- \[(.+?)\]\((.+?)\.md\)$/gm)].map(([, text = '', file = '']) => ({
    text,
    link: `/reference/${file}`,
  }));
}
