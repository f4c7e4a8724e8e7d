/**
 * Real GPUs beside each other: for each device and question, how near our best comes to the roof, and how it compares
 * with the best peer that ran on the same device. Times of different devices are never divided by each other.
 */
import type { ComparisonRow, Report, Result } from './report.ts';
import { questionText } from './units.ts';

export interface MatrixCell {
  readonly ours: string;
  readonly elementsPerSecond: number;
  readonly ofRoof: number | null;
  /** The fastest peer, its time over ours (above 1 we are faster), and how sure that is; null without a peer. */
  readonly peer: {
    readonly subject: string;
    readonly speedup: number;
    readonly verdict: ComparisonRow['verdict'];
  } | null;
}

interface MatrixQuestion {
  readonly activation: string;
  readonly direction: Result['direction'];
  readonly dtype: Result['dtype'];
  readonly elements: number;
}

interface MatrixRow {
  readonly device: string;
  readonly createdAt: string;
  /** In the order of the matrix's questions; null where the device has no number of ours. */
  readonly cells: readonly (MatrixCell | null)[];
}

export interface DeviceMatrix {
  readonly questions: readonly MatrixQuestion[];
  readonly rows: readonly MatrixRow[];
}

/** Each device at the largest size that it was measured at, the newest run first. */
export function deviceMatrix(reports: readonly Report[]): DeviceMatrix {
  const measured = reports.flatMap((report) => hardwareDevices(report).map((device) => ({ report, device })));
  measured.sort((a, b) => b.report.createdAt.localeCompare(a.report.createdAt));
  const questions = new Map<string, MatrixQuestion>();
  for (const { report, device } of measured) {
    for (const row of rowsOf(report, device)) {
      const { activation, direction, dtype } = row;
      const key = questionText(activation, direction, dtype);
      const elements = elementsOf(row);
      if ((questions.get(key)?.elements ?? 0) < elements) {
        questions.set(key, { activation, direction, dtype, elements });
      }
    }
  }
  const columns = [...questions.values()];
  return {
    questions: columns,
    rows: measured.map(({ report, device }) => ({
      device,
      createdAt: report.createdAt,
      cells: columns.map((question) => cellOf(report, device, question)),
    })),
  };
}

const elementsOf = ({ shape }: Pick<Result, 'shape'>): number => shape.reduce((product, length) => product * length, 1);

const rowsOf = (report: Report, device: string): Result[] =>
  report.results.filter((row) => row.device.description === device && row.throughput !== null);

const hardwareDevices = ({ results }: Report): string[] => [
  ...new Set(results.flatMap(({ device }) => (device.kind === 'gpu' && !device.software ? [device.description] : []))),
];

function cellOf(report: Report, device: string, question: MatrixQuestion): MatrixCell | null {
  const rows = rowsOf(report, device).filter(
    (row) =>
      row.activation === question.activation && row.direction === question.direction && row.dtype === question.dtype,
  );
  const largest = Math.max(0, ...rows.filter(({ kind }) => kind === 'ours').map(elementsOf));
  const candidates = rows.filter((row) => row.kind === 'ours' && elementsOf(row) === largest);
  const [ours] = candidates.sort((a, b) => speedOf(b) - speedOf(a));
  if (!ours) return null;
  const peers = new Set(rows.filter(({ kind }) => kind === 'peer').map(({ subject }) => subject));
  const closest = report.comparisons
    .filter((each) => each.subject === ours.subject && peers.has(each.against) && sameCase(each, ours))
    .reduce<ComparisonRow | null>((worst, each) => (worst === null || each.ratio > worst.ratio ? each : worst), null);
  return {
    ours: ours.subject,
    elementsPerSecond: speedOf(ours),
    ofRoof: ours.throughput?.ofRoof ?? null,
    peer: closest && { subject: closest.against, speedup: 1 / closest.ratio, verdict: closest.verdict },
  };
}

const speedOf = ({ throughput }: Result): number => throughput?.elementsPerSecond ?? 0;

const sameCase = (a: ComparisonRow, b: Result): boolean =>
  a.activation === b.activation &&
  a.direction === b.direction &&
  a.dtype === b.dtype &&
  a.shape.join() === b.shape.join();
