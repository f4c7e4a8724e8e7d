/** A report as Markdown, for people. */
import type {
  ActivationResult,
  ConformanceReport,
  Failure,
  MutantsReport,
  ReportedNumber,
  SubjectReport,
} from './report.ts';
import { grades } from './tolerance.ts';

const shownFailures = 40;

/** The report of a run, or of one of its subjects. */
export function reportMarkdown(report: ConformanceReport | SubjectReport): string {
  if (!('subjects' in report)) return subjectMarkdown(report);
  const { seed, casesHash, subjects, mutants } = report;
  const sections = [
    `# Conformance: ${report.passed ? 'passed' : 'failed'}`,
    `Seed ${seed}, cases ${casesHash}.`,
    subjects.length > 0 ? overview(subjects) : '',
    mutants.total > 0 ? mutantsMarkdown(mutants) : '',
  ];
  return [`${sections.filter(Boolean).join('\n\n')}\n`, ...subjects.map(subjectMarkdown)].join('\n');
}

/** One line for each subject: the grades that it reached in how many rows. */
function overview(subjects: readonly SubjectReport[]): string {
  return table(
    ['subject', 'device', 'verdict', ...grades, 'cases', 'failed', 'expected failures', 'seconds'],
    subjects.map(({ name, device, passed, results, totals, elapsedMs }) => [
      name,
      device.description || device.architecture,
      passed ? 'passed' : 'failed',
      ...grades.map((grade) => String(results.filter((result) => result.grade === grade).length)),
      String(totals.cases),
      String(totals.failed),
      String(totals.expectedFailures),
      (elapsedMs / 1000).toFixed(1),
    ]),
  );
}

function mutantsMarkdown({ killed, total, survivors }: MutantsReport): string {
  const counts = `Mutants: ${killed} of ${total} killed.`;
  return survivors.length > 0 ? `${counts} These live:\n\n${list(survivors)}` : counts;
}

function subjectMarkdown(report: SubjectReport): string {
  const { name, device, totals, results, failures, claims, verdicts, unexpectedPasses } = report;
  const described = [device.vendor, device.architecture, device.description].filter(Boolean).join(', ');
  const sections = [
    `## ${escapeMarkup(name)}: ${report.passed ? 'passed' : 'failed'}`,
    [
      `Device: ${escapeMarkup(described)}${device.software ? ' (software)' : ''}. Owed: grade ${report.owed}. Seed ${report.seed}, cases ${report.casesHash}${report.quick ? ', quick' : ''}.`,
      `${totals.cases} cases with ${totals.values} values in ${(report.elapsedMs / 1000).toFixed(1)} s: ${totals.passed} passed, ${totals.failed} failed, ${totals.expectedFailures} failed as expected, ${totals.unsupported} unsupported.`,
    ].join('\n'),
    list(verdicts),
    table(
      [
        'activation',
        'direction',
        'dtype',
        'extent',
        'grade',
        'cases',
        'failed',
        'unsupported',
        'max ulp',
        'p99 ulp',
        'bound used',
        'worst x',
      ],
      results.map(row),
    ),
    table(
      ['claim', 'claimed', 'observed', 'verdict'],
      claims.map(({ claim, claimed, observed, verdict }) => [claim, claimed, observed, verdict]),
    ),
    failures.length > 0 ? `### Failures\n\n${failuresOf(failures)}` : '',
    unexpectedPasses.length > 0
      ? `### Expected failures that passed\n\n${list(unexpectedPasses.map(({ id, reason }) => `\`${id}\`: ${reason}`))}`
      : '',
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function row(result: ActivationResult): string[] {
  const { activation, direction, dtype, extent, grade, cases, failed, expectedFailures, unsupported, worst } = result;
  return [
    activation,
    direction,
    dtype,
    extent ?? 'element',
    grade ?? '–',
    String(cases),
    expectedFailures > 0 ? `${failed} (+${expectedFailures} expected)` : String(failed),
    String(unsupported),
    short(result.maxUlp),
    short(result.p99Ulp),
    short(result.share),
    worst?.x ? `${worst.x} (${worst.xBits})` : '–',
  ];
}

const short = (value: ReportedNumber): string =>
  typeof value === 'string'
    ? '∞'
    : value === 0
      ? '0'
      : value >= 1e4 || value < 1e-2
        ? value.toExponential(1)
        : value.toPrecision(3);

function failuresOf(failures: readonly Failure[]): string {
  const lines = failures
    .slice(0, shownFailures)
    .map(({ id, faults, expected }) => `\`${id}\`${expected ? ' (expected)' : ''}: ${faults.join('; ')}`);
  return list(failures.length > shownFailures ? [...lines, `… and ${failures.length - shownFailures} more`] : lines);
}

const list = (lines: readonly string[]): string => lines.map((line) => `- ${escapeMarkup(line)}`).join('\n');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => escapeMarkup(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return rows.length > 0 ? [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n') : '';
}

/** Device names and messages come from outside; they must not become markup. */
const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', ' ');
