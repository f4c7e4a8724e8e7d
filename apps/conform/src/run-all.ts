/** Every chosen subject: those of Node in processes that share the activations, those of a browser in pages. */
import { catalogue } from '@isoact/core';
import {
  type ConformanceReport,
  conformanceReport,
  defaultSeed,
  type MutantsReport,
  type SubjectReport,
} from '@isoact/core/conformance';
import { emptyReport } from './empty-report.ts';
import type { ProgressLine } from './progress.ts';
import { HostRunner } from './run-subjects.ts';
import { openChild } from './sessions/child.ts';
import type { BrowserOwner } from './sessions/page.ts';
import { baselineOnly, briefly, type RunOptions, type Session, Unavailable } from './sessions/session.ts';
import { type WorkerEntry, workerEntry } from './sessions/worker-entry.ts';
import { type Asked, askedByTurns, askedOf, twinOf } from './subjects/asked.ts';
import type { SubjectName } from './subjects/names.ts';
import type { Host } from './subjects/subject.ts';

export interface Outcome extends ConformanceReport {
  readonly unavailable: readonly { readonly name: string; readonly reason: string }[];
}

export interface AllOptions extends RunOptions {
  readonly activations: readonly string[] | undefined;
  /** Whether a backend that runs on two hosts shares the activations among them. */
  readonly byTurns: boolean;
  /** Processes and pages at a time. */
  readonly jobs: number;
}

export interface Run {
  readonly done: Promise<Outcome>;
  /** What there is so far; what is still to come counts as failed. */
  sofar(): Outcome;
}

export function runAll(
  chosen: readonly SubjectName[],
  { activations = Object.keys(catalogue), byTurns, jobs, ...options }: AllOptions,
  progress: ProgressLine,
  mutants?: MutantsReport,
): Run {
  const engineFlags = options.quick ? briefly : baselineOnly;
  const browser = lazyBrowser(engineFlags);
  let entry: Promise<WorkerEntry> | null = null;
  const open: Readonly<Record<Host, () => Promise<Session>>> = {
    browser: () => browser.openPage(),
    node: async () => {
      entry ??= workerEntry();
      return openChild((await entry).path, engineFlags);
    },
  };
  let cases = 0;
  const asked = (byTurns ? askedByTurns : askedOf)(chosen, activations);
  const runners = byHost(asked).map((own) => {
    const subjects = [...own.keys()];
    const runner = new HostRunner({
      open: open[(subjects[0] as SubjectName).group.host],
      asked: own,
      options,
      onReport: (report) => progress.print(summary(report)),
      onUnavailable: (group, reason) => {
        progress.print(`${group}: unavailable (${reason.split('\n')[0]})`);
        for (const subject of subjects.filter((each) => each.group.name === group)) askTwinOf(subject);
      },
    });
    return { subjects, runner };
  });
  /** What one host lacks, the other is asked about in its place. */
  const askTwinOf = (subject: SubjectName): void => {
    const twin = twinOf(subject, chosen);
    const found = twin && runners.find(({ subjects }) => subjects.includes(twin));
    if (twin && found?.runner.unavailable(twin.group.name) === null) found.runner.extend(twin, activations);
  };

  /** The host that has least hands at work; the first of these. */
  const neediest = () =>
    runners
      .filter(({ runner }) => runner.wantsHand)
      .reduce<(typeof runners)[number] | null>(
        (best, each) => (best && best.runner.active <= each.runner.active ? best : each),
        null,
      );
  const under: string[] = [];
  const hand = async (_: unknown, place: number): Promise<void> => {
    for (let next = neediest(); next; next = neediest()) {
      await next.runner.work(({ subject }, id, begun) => {
        under[place] = `${subject} ${id}`;
        cases += begun;
        progress.show(`${cases} cases   ${under.filter(Boolean).join('   ')}`);
      });
      under[place] = '';
    }
  };
  const sofar = (): Outcome => {
    const all = runners.flatMap(({ subjects, runner }) =>
      subjects
        .filter(({ group }) => runner.unavailable(group.name) === null)
        .map((subject) => ({ group: subject.group, report: unfinished(runner, subject, options) })),
    );
    const isLacking = ({ group, report }: (typeof all)[number]): boolean => group.builtins !== null && lacks(report);
    const reports = all.filter((each) => !isLacking(each)).map(({ report }) => report);
    const unavailable = [
      ...runners.flatMap(({ subjects, runner }) =>
        [...new Set(subjects.map(({ group }) => group.name))].flatMap((name) => {
          const reason = runner.unavailable(name);
          return reason === null ? [] : [{ name, reason }];
        }),
      ),
      ...all
        .filter(isLacking)
        .map(({ report: { name } }) => ({ name, reason: 'it refuses every case as unsupported' })),
    ];
    return { ...conformanceReport(reports, options.seed ?? defaultSeed, mutants), unavailable };
  };
  const all = async (): Promise<Outcome> => {
    try {
      await Promise.all(Array.from({ length: Math.max(1, jobs) }, hand));
    } finally {
      await browser.close();
      await (await entry)?.remove();
    }
    return sofar();
  };
  return { done: all(), sofar };
}

/** What drives browsers is loaded when a page is asked for: not every place that runs the command has it. */
function lazyBrowser(engineFlags: readonly string[]): BrowserOwner {
  let loading: Promise<BrowserOwner> | null = null;
  const load = async (): Promise<BrowserOwner> => {
    const module = new URL('./sessions/page.ts', import.meta.url).href; // no literal, so that bundlers leave it alone
    try {
      return ((await import(module)) as typeof import('./sessions/page.ts')).createBrowserOwner(engineFlags);
    } catch (error) {
      throw new Unavailable(
        `browsers are driven from the repository alone (${error instanceof Error ? error.message : error})`,
      );
    }
  };
  return {
    async openPage() {
      loading ??= load();
      return (await loading).openPage();
    },
    async close() {
      const owner = await loading?.catch(() => null);
      await owner?.close();
    },
  };
}

/** A subject's report; where it is not whole, it says so and does not pass. */
function unfinished(runner: HostRunner, subject: SubjectName, options: RunOptions): SubjectReport {
  const report = runner.reportOf(subject) ?? emptyReport(subject.subject, options);
  const missing = runner.missing(subject);
  if (missing.length === 0) return report;
  return { ...report, verdicts: [...report.verdicts, `not run: ${missing.join(', ')}`], passed: false };
}

/** The subjects of each host, the browser's first: a page takes long to open, and the browser's work is the longer one. */
function byHost(asked: Asked): Asked[] {
  return (['browser', 'node'] as const)
    .map((host) => new Map([...asked].filter(([{ group }]) => group.host === host)))
    .filter(({ size }) => size > 0);
}

/** A framework that refused every case of a function has no such function. */
const lacks = ({ totals: { values, failed, unsupported } }: SubjectReport): boolean =>
  values === 0 && failed === 0 && unsupported > 0;

function summary(report: SubjectReport): string {
  const { name, passed, totals, elapsedMs, verdicts } = report;
  const { cases, values, expectedFailures } = totals;
  const known = expectedFailures > 0 ? `, ${expectedFailures} failed as expected` : '';
  if (lacks(report)) return `${name}: unsupported`;
  const counts = `${cases} cases${known}, ${values} values, ${(elapsedMs / 1000).toFixed(1)} s`;
  return `${name}: ${passed ? 'passed' : `FAILED (${verdicts.join('; ')})`}, ${counts}`;
}
