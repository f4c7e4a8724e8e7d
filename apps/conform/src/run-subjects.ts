/** The subjects of one group, activation by activation; whatever one of them does to its process, the rest goes on. */
import { type ClaimResult, mergeSubjects, type SubjectReport } from '@isoact/core/conformance';
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
  readonly onReport: (report: SubjectReport) => void;
}

/** After so many ends, nobody starts it again. */
const toleratedEnds = 3;

/** @throws Unavailable where the machine lacks the backend. */
export async function runGroup({
  open,
  subjects,
  activations,
  options,
  onCase,
  onReport,
}: GroupRun): Promise<SubjectReport[]> {
  let session: Session | null = await open();
  let ends = 0;
  const reports: SubjectReport[] = [];
  for (const { subject, activation } of subjects) {
    const parts: SubjectReport[] = [];
    const broken: BrokenPart[] = [];
    for (const name of activation === null ? activations : [activation]) {
      let reached = '';
      try {
        if (ends > toleratedEnds) throw new Error(`not run: the backend's process ended ${ends} times before`);
        session ??= await open();
        const part = await session.run({ activation: name, subject, options }, (id) => {
          reached = id;
          onCase(subject, id);
        });
        parts.push(part);
      } catch (error) {
        broken.push({ activation: name, reached, reason: error instanceof Error ? error.message : String(error) });
        if (error instanceof SessionEnded || error instanceof Unavailable) {
          ends++;
          session = null;
        }
      }
    }
    const report = withBroken(subject, parts, broken, options);
    reports.push(report);
    onReport(report);
  }
  await session?.close();
  return reports;
}

interface BrokenPart {
  readonly activation: string;
  /** The last case that had begun. */
  readonly reached: string;
  readonly reason: string;
}

/** A part that nobody reported is a failure of the case that it ended in. */
function withBroken(
  subject: string,
  parts: readonly SubjectReport[],
  broken: readonly BrokenPart[],
  { quick, owed = 'B', seed = 0 }: RunOptions,
): SubjectReport {
  const [first, ...others] = parts;
  const merged = first ? mergeSubjects([first, ...others]) : nothing(subject, { quick, owed, seed });
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

/** The report of a subject that reported nothing. */
function nothing(name: string, { quick, owed, seed }: Pick<SubjectReport, 'quick' | 'owed' | 'seed'>): SubjectReport {
  const claims: readonly ClaimResult[] = [];
  return {
    name,
    device: { vendor: '', architecture: '', description: 'unknown', software: false },
    supports: { dtypes: [], nan: 'any', signedZero: 'any', subnormals: 'any', gradients: false, sumDepth: {} },
    claims,
    owed,
    seed,
    quick,
    casesHash: '',
    elapsedMs: 0,
    totals: { cases: 0, passed: 0, failed: 0, expectedFailures: 0, unsupported: 0, values: 0 },
    results: [],
    failures: [],
    expectations: [],
    unexpectedPasses: [],
    verdicts: [],
    passed: false,
  };
}
