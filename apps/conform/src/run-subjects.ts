/**
 * The subjects of one host, activation by activation; whatever one of them does to its process, the rest goes on.
 *
 * A process asks all of its backends about an activation before the next, so that they share the answers of the oracle.
 */
import { mergeSubjects, type SubjectReport } from '@isoact/core/conformance';
import { emptyReport } from './empty-report.ts';
import { type RunOptions, type Session, SessionEnded, Unavailable } from './sessions/session.ts';
import type { Asked } from './subjects/asked.ts';
import type { SubjectName } from './subjects/names.ts';

export interface HostRun {
  /** Opens a process or page anew. */
  readonly open: () => Promise<Session>;
  readonly asked: Asked;
  readonly options: RunOptions;
  /** Called once all of a subject's activations are through. */
  readonly onReport: (report: SubjectReport) => void;
  readonly onUnavailable: (group: string, reason: string) => void;
}

interface Item {
  readonly subject: SubjectName;
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
  activations: readonly string[];
  readonly parts: Map<string, SubjectReport>;
  readonly broken: BrokenPart[];
}

/** How a backend has behaved as a whole. */
interface Behaviour {
  /** Whether it has ever answered. */
  answered: boolean;
  /** How often its process ended in the middle of it. */
  ends: number;
  /** Why the machine lacks it. */
  unavailable: string | null;
}

/** After so many ends, nobody starts it again. */
const toleratedEnds = 3;

/** What takes longest comes first, so that sessions end at about the same time. */
const slowest = ['velu', 'adaRelu', 'dyRelu'];
const weight = (activation: string): number => slowest.length - (slowest.indexOf(activation) + 1 || slowest.length);

export class HostRunner {
  private readonly run: HostRun;
  /** What belongs to one activation is asked in one session. */
  private readonly pending: Item[][];
  private readonly progress: ReadonlyMap<SubjectName, Progress>;
  private readonly behaviour: ReadonlyMap<string, Behaviour>;
  /** Sessions at work. */
  active = 0;

  constructor(run: HostRun) {
    this.run = run;
    const { asked } = run;
    this.progress = new Map(
      [...asked].map(([subject, activations]) => [
        subject,
        { activations, parts: new Map(), broken: [], claimsAsked: false },
      ]),
    );
    this.behaviour = new Map(
      [...asked.keys()].map(({ group }) => [group.name, { answered: false, ends: 0, unavailable: null }]),
    );
    const items = [...asked].flatMap(([subject, activations]) =>
      activations.map((activation) => ({ subject, activation })),
    );
    this.pending = [...new Set(items.map(({ activation }) => activation))]
      .sort((one, two) => weight(two) - weight(one))
      .map((activation) => items.filter((item) => item.activation === activation));
  }

  /** Asks a subject about all of these activations: those too that it was not to be asked about. */
  extend(subject: SubjectName, activations: readonly string[]): void {
    const progress = this.progressOf(subject);
    const added = activations.filter((activation) => !progress.activations.includes(activation));
    progress.activations = activations;
    this.pending.push(...added.map((activation) => [{ subject, activation }]));
  }

  /** Whether one session more is worth opening: in a quick run, not for what those at work take on in the meantime. */
  get wantsHand(): boolean {
    return this.pending.length > (this.run.options.quick ? this.active : 0);
  }

  /** Works in one session until nothing is left. Several may do so at the same time. */
  async work(onCase: (subject: SubjectName, id: string, begun: number) => void): Promise<void> {
    this.active++;
    let session: Session | null = null;
    try {
      for (let items = this.pending.shift(); items; items = this.pending.shift())
        for (const item of items) session = await this.runItem(item, session, onCase);
    } finally {
      this.active--;
    }
    await session?.close();
  }

  /** Why the machine lacks a group; null where it does not. */
  unavailable(group: string): string | null {
    return this.behaviourOf(group).unavailable;
  }

  /** What there is of a subject's report: all of it once its activations are through. */
  reportOf(subject: SubjectName): SubjectReport | null {
    const { activations, parts, broken } = this.progressOf(subject);
    if (parts.size + broken.length === 0) return null;
    const ordered = activations.flatMap((activation) => parts.get(activation) ?? []);
    return withBroken(subject.subject, ordered, broken, this.run.options);
  }

  /** The activations of a subject that are still to come. */
  missing(subject: SubjectName): readonly string[] {
    const { activations, parts, broken } = this.progressOf(subject);
    return activations.filter((name) => !parts.has(name) && !broken.some(({ activation }) => activation === name));
  }

  private progressOf(subject: SubjectName): Progress {
    return this.progress.get(subject) as Progress;
  }

  private behaviourOf(group: string): Behaviour {
    return this.behaviour.get(group) as Behaviour;
  }

  /** The session that the next item can use, or null where it needs a new one. */
  private async runItem(
    { subject, activation }: Item,
    current: Session | null,
    onCase: (subject: SubjectName, id: string, begun: number) => void,
  ): Promise<Session | null> {
    const { onReport, onUnavailable, open, options } = this.run;
    const group = subject.group.name;
    const behaviour = this.behaviourOf(group);
    if (behaviour.unavailable !== null) return current;
    const progress = this.progressOf(subject);
    let session = current;
    let reached = '';
    try {
      if (behaviour.ends > toleratedEnds)
        throw new Error(`not run: the backend's process ended ${behaviour.ends} times before`);
      session ??= await open();
      const request = { group, activation, subject: subject.subject, options, claims: !progress.claimsAsked };
      progress.claimsAsked = true;
      const part = await session.run(request, (id, begun) => {
        reached = id;
        onCase(subject, id, begun);
      });
      behaviour.answered = true;
      progress.parts.set(activation, part);
    } catch (error) {
      // a backend that has answered before, or ended its process, is not just missing
      if (error instanceof Unavailable && behaviour.ends === 0 && !behaviour.answered) {
        // two sessions may find out at the same time
        if (this.unavailable(group) === null) onUnavailable(group, error.message);
        behaviour.unavailable = error.message;
        return session;
      }
      if (error instanceof SessionEnded || error instanceof Unavailable) behaviour.ends++;
      if (error instanceof SessionEnded) session = null;
      progress.broken.push({ activation, reached, reason: error instanceof Error ? error.message : String(error) });
    }
    if (this.missing(subject).length === 0) onReport(this.reportOf(subject) as SubjectReport);
    return session;
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
