/** `conform --frameworks FILE`: asks every framework on this machine, and writes the page. */
import type { ProgressLine } from '../progress.ts';
import { type AllOptions, type Outcome, runAll } from '../run-all.ts';
import { openChild } from '../sessions/child.ts';
import { createBrowserOwner } from '../sessions/page.ts';
import { type Session, Unavailable } from '../sessions/session.ts';
import { workerEntry } from '../sessions/worker-entry.ts';
import { groupNames, selectSubjects } from '../subjects/names.ts';
import { askAll, frameworksOf } from './gather.ts';
import { frameworksPage } from './page.ts';
import { installedVersions } from './versions.ts';

export async function makeFrameworksPage(
  options: AllOptions,
  progress: ProgressLine,
): Promise<{ readonly page: string; readonly outcome: Outcome }> {
  const outcome = await runAll(selectSubjects(['builtin:*']), options, progress).done;
  const browser = createBrowserOwner();
  const entry = await workerEntry();
  const sessions = new Map<string, Session>();
  try {
    for (const { name, host, builtins } of groupNames) {
      if (!builtins || outcome.unavailable.some((missing) => missing.name === name)) continue;
      progress.show(`${name}: value by value`);
      try {
        const session = await (host === 'browser' ? browser.openPage(name) : openChild(name, entry.path));
        sessions.set(name.replace('builtin:', ''), session);
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
      }
    }
    const answers = await askAll(sessions);
    const frameworks = frameworksOf(outcome).filter(({ name }) => sessions.has(name));
    return { page: frameworksPage({ versions: installedVersions(), frameworks, answers, outcome }), outcome };
  } finally {
    for (const session of sessions.values()) await session.close();
    await browser.close();
    await entry.remove();
  }
}
