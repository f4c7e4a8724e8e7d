/** `conform --frameworks FILE`: asks every framework on this machine, and writes the page. */
import type { ProgressLine } from '../progress.ts';
import { type AllOptions, type Outcome, runAll } from '../run-all.ts';
import { openChild } from '../sessions/child.ts';
import { createBrowserOwner } from '../sessions/page.ts';
import type { Session } from '../sessions/session.ts';
import { workerEntry } from '../sessions/worker-entry.ts';
import { groupNames, selectSubjects } from '../subjects/names.ts';
import type { Host } from '../subjects/subject.ts';
import { askAll, frameworksOf } from './gather.ts';
import { frameworksPage } from './page.ts';
import { installedVersions } from './versions.ts';

export async function makeFrameworksPage(
  options: Omit<AllOptions, 'byTurns'>,
  progress: ProgressLine,
): Promise<{ readonly page: string; readonly outcome: Outcome }> {
  const outcome = await runAll(selectSubjects(['builtin:*']), { ...options, byTurns: false }, progress).done;
  const browser = createBrowserOwner();
  const entry = await workerEntry();
  const sessions: Partial<Record<Host, Session>> = {};
  const asked = groupNames.filter(
    ({ name, builtins }) => builtins && !outcome.unavailable.some((missing) => missing.name === name),
  );
  try {
    sessions.node = openChild(entry.path);
    if (asked.some(({ host }) => host === 'browser')) sessions.browser = await browser.openPage();
    const answers = await askAll(
      asked.map(({ name, host }) => ({ name, session: sessions[host] as Session })),
      ({ activation }) => progress.show(`${activation}: value by value`),
    );
    const frameworks = frameworksOf(outcome).filter(({ name }) =>
      asked.some((group) => group.name === `builtin:${name}`),
    );
    return { page: frameworksPage({ versions: installedVersions(), frameworks, answers, outcome }), outcome };
  } finally {
    for (const session of Object.values(sessions)) await session.close();
    await browser.close();
    await entry.remove();
  }
}
