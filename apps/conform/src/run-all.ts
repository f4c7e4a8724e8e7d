/** Every chosen subject: two groups at a time, each in a process or page of its own. */
import { catalogue } from '@isoact/core';
import {
  type ConformanceReport,
  conformanceReport,
  defaultSeed,
  type MutantsReport,
  type SubjectReport,
} from '@isoact/core/conformance';
import type { ProgressLine } from './progress.ts';
import { runGroup } from './run-subjects.ts';
import { openChild } from './sessions/child.ts';
import { createBrowserOwner } from './sessions/page.ts';
import { type RunOptions, Unavailable } from './sessions/session.ts';
import type { SubjectName } from './subjects/names.ts';

export interface Outcome extends ConformanceReport {
  readonly unavailable: readonly { readonly name: string; readonly reason: string }[];
}

export interface AllOptions extends RunOptions {
  readonly activations: readonly string[] | undefined;
  /** Processes and pages at a time. */
  readonly jobs: number;
}

export async function runAll(
  chosen: readonly SubjectName[],
  { activations = Object.keys(catalogue), jobs, ...options }: AllOptions,
  progress: ProgressLine,
  mutants?: MutantsReport,
): Promise<Outcome> {
  const browser = createBrowserOwner();
  const queue = groupsOf(chosen, activations);
  const reports = new Map<string, SubjectReport>();
  const unavailable: { name: string; reason: string }[] = [];
  const under = new Map<string, string>();
  const show = (): void => progress.show([...under].map(([subject, id]) => `${subject}: ${id}`).join('   '));

  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { group, subjects } = next;
      const last = { name: '', cases: 0 };
      try {
        await runGroup({
          open: () => (group.host === 'browser' ? browser.openPage(group.name) : openChild(group.name)),
          subjects,
          activations,
          options,
          onCase: (subject, id) => {
            under.set(group.name, `${++last.cases} cases, ${subject === group.name ? id : `${subject} ${id}`}`);
            show();
          },
          onReport: (report) => {
            reports.set(report.name, report);
            progress.print(summary(report));
          },
        });
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        unavailable.push({ name: group.name, reason: error.message });
        progress.print(`${group.name}: unavailable (${error.message.split('\n')[0]})`);
      }
      under.delete(group.name);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
  } finally {
    await browser.close();
  }
  const ordered = chosen.flatMap(({ subject }) => reports.get(subject) ?? []);
  return { ...conformanceReport(ordered, options.seed ?? defaultSeed, mutants), unavailable };
}

/** The groups of the subjects, in their order; functions of frameworks that no chosen activation is about fall away. */
function groupsOf(chosen: readonly SubjectName[], activations: readonly string[]) {
  const groups = new Map<SubjectName['group'], SubjectName[]>();
  for (const subject of chosen) {
    if (subject.activation !== null && !activations.includes(subject.activation)) continue;
    const known = groups.get(subject.group);
    if (known) known.push(subject);
    else groups.set(subject.group, [subject]);
  }
  return [...groups].map(([group, subjects]) => ({ group, subjects }));
}

function summary({ name, passed, totals, elapsedMs, verdicts }: SubjectReport): string {
  const { cases, values, expectedFailures } = totals;
  const known = expectedFailures > 0 ? `, ${expectedFailures} failed as expected` : '';
  const counts = `${cases} cases${known}, ${values} values, ${(elapsedMs / 1000).toFixed(1)} s`;
  return `${name}: ${passed ? 'passed' : `FAILED (${verdicts.join('; ')})`}, ${counts}`;
}
