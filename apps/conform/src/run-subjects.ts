/** The subjects of one group, activation by activation; whatever one of them does to its process, the rest goes on. */
import { mergeSubjects, type SubjectReport } from '@isoact/core/conformance';
import { emptyReport } from './empty-report.ts';
import { type RunOptions, type Session, SessionEnded, Unavailable } from './sessions/session.ts';
import type { SubjectName } from './subjects/names.ts';

export interface GroupRun {
  /** Opens a session of the group anew. */
  readonly open: () => Promise<Session>;
  readonly subjects: readonly SubjectName[];
  /** What a whole backend is asked for. */
  readonly activations: readonly string[];
  readonly options: RunOptions;
  readonly onCase: (subject: string, id: string) => void;
  /** Called once all of a subject's activations are through. */
  readonly onReport: (report: SubjectReport) => void;
}

interface Item {
  readonly subject: string;
  readonly activation: string;
}

/** A part that nobody reported. */
interface BrokenPart {
  readonly activation: string;
  /** The last case that had begun. */
  readonly reached: string;
  readonly reason: string;
}

interface Progress {
  /** Whether a session was told to probe what the backend claims. */
  claimsAsked: boolean;
  readonly activations: readonly string[];
  readonly parts: Map<string, SubjectReport>;
  readonly broken: BrokenPart[];
}

/** After so many ends, nobody starts it again. */
const toleratedEnds = 3;

/** What takes longest comes first, so that sessions of one group end at about the same time. */
const slowest = ['velu', 'adaRelu', 'dyRelu'];
const weight = ({ activation }: Item): number => slowest.length - (slowest.indexOf(activation) + 1 || slowest.length);

export class GroupRunner {
  private readonly run: GroupRun;
  private readonly pending: Item[];
  private readonly progress: ReadonlyMap<string, Progress>;
  private ends = 0;
  /** Why the machine lacks the backend. */
  unavailable: string | null = null;
  /** Sessions at work. */
  active = 0;

  constructor(run: GroupRun) {
    this.run = run;
    this.progress = new Map(
      run.subjects.map(({ subject, activation }) => [
        subject,
        {
          activations: activation === null ? run.activations : [activation],
          parts: new Map(),
          broken: [],
          claimsAsked: false,
        },
      ]),
    );
    this.pending = [...this.progress]
      .flatMap(([subject, { activations }]) => activations.map((activation) => ({ subject, activation })))
      .sort((one, two) => weight(two) - weight(one));
  }

  get hasWork(): boolean {
    return this.pending.length > 0 && this.unavailable === null;
  }

  /** Works at the group in one session until nothing is left. Several may do so at the same time. */
  async work(): Promise<void> {
    this.active++;
    let session: Session | null = null;
    try {
      for (let item = this.next(); item; item = this.next()) session = await this.runItem(item, session);
      await session?.close();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.unavailable = error.message;
    } finally {
      this.active--;
    }
  }

  /** What there is of a subject's report: all of it once its activations are through. */
  reportOf(subject: string): SubjectReport | null {
    const { activations, parts, broken } = this.progress.get(subject) as Progress;
    if (parts.size + broken.length === 0) return null;
    const ordered = activations.flatMap((activation) => parts.get(activation) ?? []);
    return withBroken(subject, ordered, broken, this.run.options);
  }

  /** The activations of a subject that are still to come. */
  missing(subject: string): readonly string[] {
    const { activations, parts, broken } = this.progress.get(subject) as Progress;
    return activations.filter((name) => !parts.has(name) && !broken.some(({ activation }) => activation === name));
  }

  private next(): Item | undefined {
    return this.unavailable === null ? this.pending.shift() : undefined;
  }

  /** The session that the next activation can use, or null where it needs a new one. */
  private async runItem({ subject, activation }: Item, current: Session | null): Promise<Session | null> {
    const { onCase, onReport, open, options } = this.run;
    const progress = this.progress.get(subject) as Progress;
    const { parts, broken } = progress;
    let session = current;
    let reached = '';
    try {
      if (this.ends > toleratedEnds) throw new Error(`not run: the backend's process ended ${this.ends} times before`);
      session ??= await open();
      const request = { activation, subject, options, claims: !progress.claimsAsked };
      progress.claimsAsked = true;
      const part = await session.run(request, (id) => {
        reached = id;
        onCase(subject, id);
      });
      parts.set(activation, part);
    } catch (error) {
      // a backend that was there once, or answered for another subject, has ended and is not just missing
      if (error instanceof Unavailable && this.ends === 0 && !this.hasReports()) throw error;
      if (error instanceof SessionEnded || error instanceof Unavailable) {
        this.ends++;
        session = null;
      }
      broken.push({ activation, reached, reason: error instanceof Error ? error.message : String(error) });
    }
    if (this.missing(subject).length === 0) onReport(this.reportOf(subject) as SubjectReport);
    return session;
  }

  private hasReports(): boolean {
    return [...this.progress.values()].some(({ parts }) => parts.size > 0);
  }
}

/** A part that nobody reported is a failure of the case that it ended in. */
function withBroken(
  subject: string,
  parts: readonly SubjectReport[],
  broken: readonly BrokenPart[],
  options: RunOptions,
): SubjectReport {
  const [first, ...others] = parts;
  const merged = first ? mergeSubjects([first, ...others]) : emptyReport(subject, options);
  if (broken.length === 0) return merged;
  const { totals } = merged;
  return {
    ...merged,
    totals: { ...totals, cases: totals.cases + broken.length, failed: totals.failed + broken.length },
    failures: [
      ...merged.failures,
      ...broken.map(({ activation, reached, reason }) => ({
        id: reached || activation,
        faults: [reached ? `${reason}; the other cases of ${activation} were not run` : reason],
        expected: false,
      })),
    ],
    verdicts: [...merged.verdicts, ...broken.map(({ activation, reason }) => `${activation}: ${reason}`)],
    passed: false,
  };
}
