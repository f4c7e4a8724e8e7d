/**
 * The table of activations × backends × grades in the README: a digest of what `pnpm conform --json` wrote, kept beside
 * it so that the table can be made again without the run.
 */
import type { ConformanceReport, Grade } from '@isoact/core/conformance';

/** What of a report the table needs. */
export interface Grades {
  /** Of every question; another hash is another set of questions. */
  readonly casesHash: string;
  readonly quick: boolean;
  readonly subjects: readonly GradedSubject[];
}

interface GradedSubject {
  readonly name: string;
  readonly device: string;
  readonly software: boolean;
  /** The worst grade of float32 over directions, settings and extents, and how many cases depart as they are known to. */
  readonly activations: Readonly<Record<string, { readonly grade: Grade; readonly departures: number }>>;
}

const order: readonly Grade[] = ['exact', 'A', 'B', 'D', 'fail'];

/** @throws RangeError for a report that did not pass: its grades are no grades. */
export function digest({ casesHash, subjects }: ConformanceReport): Grades {
  const ours = subjects.filter(({ name }) => !name.startsWith('builtin:'));
  const failed = ours.filter(({ passed }) => !passed).map(({ name }) => name);
  if (failed.length > 0) throw new RangeError(`The report must have passed (${failed.join(', ')} did not).`);
  return {
    casesHash,
    quick: ours.some(({ quick }) => quick),
    subjects: ours.map(({ name, device, results }) => {
      const activations: Record<string, { grade: Grade; departures: number }> = {};
      for (const { activation, dtype, grade, expectedFailures } of results) {
        if (dtype !== 'float32' || grade === null) continue;
        const known = activations[activation] ?? { grade: 'exact', departures: 0 };
        activations[activation] = {
          grade: order.indexOf(grade) > order.indexOf(known.grade) ? grade : known.grade,
          departures: known.departures + expectedFailures,
        };
      }
      return { name, device: device.description, software: device.software, activations };
    }),
  };
}

/** @param names of all activations, in the order of the rows. */
export function gradesTable({ subjects, quick }: Grades, names: readonly string[]): string {
  const head = ['activation', ...subjects.map(({ name }) => `\`${name}\``)];
  const rows = names.map((name) => [`\`${name}\``, ...subjects.map((subject) => cellOf(subject, name))]);
  const devices = new Map<string, string[]>();
  for (const { name, device, software } of subjects) {
    const place = `${device}${software ? ' (software)' : ''}`;
    devices.set(place, [...(devices.get(place) ?? []), name]);
  }
  const where = [...devices].map(([device, on]) => `${on.join(', ')} on ${device}`).join('; ');
  return [
    ...[head, head.map((_, column) => (column === 0 ? '---' : ':-:')), ...rows].map((row) => `| ${row.join(' | ')} |`),
    '',
    `Worst grade of forward and gradient over all extents, float32, ${quick ? 'quick ' : ''}suite: ${where}. A † stands for cases that depart as the adapter says they do.`,
  ].join('\n');
}

function cellOf({ activations }: GradedSubject, name: string): string {
  const found = activations[name];
  if (!found) return '–';
  const { grade, departures } = found;
  return departures > 0 ? `${grade === 'fail' ? '' : grade} †`.trim() : grade;
}

const [begin, end] = ['<!-- grades: made by pnpm docs:grades -->', '<!-- /grades -->'];

/** The page with the table between its two marks. @throws RangeError where it has no marks. */
export function withGrades(page: string, table: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new RangeError(`The page must have ${begin} and ${end} (has not).`);
  return `${page.slice(0, from + begin.length)}\n\n${table}\n\n${page.slice(to)}`;
}
