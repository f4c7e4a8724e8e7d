/** The conformance suite in this browser: which answers our backends get right, and frameworks' own functions beside. */
import type { ActivationResult, SubjectReport } from '@isoact/core/conformance';
import type { Activity } from './bench-tab.tsx';
import { Choices } from './choices.tsx';
import { activationNames } from './link-state.ts';

interface ConformTabProps {
  readonly subjects: readonly string[];
  readonly activations: readonly string[];
  readonly activity: Activity | null;
  readonly reports: ReadonlyMap<string, SubjectReport>;
  readonly onActivations: (activations: readonly string[]) => void;
  readonly onConform: (subjects: readonly string[]) => void;
  readonly onAbort: () => void;
}

export function ConformTab(props: ConformTabProps) {
  const { subjects, activations, activity, reports, onActivations, onConform, onAbort } = props;
  const busy = activity !== null;
  const checked = subjects.flatMap((subject): [string, SubjectReport][] => {
    const report = reports.get(subject);
    return report ? [[subject, report]] : [];
  });
  return (
    <section>
      <h2>Conformance</h2>
      <p>
        The suite’s quick cases against a float64 reference, whose tolerance comes from the formula itself. Our kernels
        owe B, and over the whole range; composed graphs and what frameworks have themselves, named <em>builtin</em>,
        owe D, frameworks on finite numbers only.
      </p>
      <Choices
        legend="Activations"
        options={activationNames}
        chosen={activations}
        disabled={busy}
        onChange={onActivations}
      />
      <div class="actions">
        {busy ? (
          <button type="button" class="main" onClick={onAbort}>
            Stop
          </button>
        ) : (
          <button
            type="button"
            class="main"
            disabled={subjects.length === 0 || activations.length === 0}
            onClick={() => onConform(subjects)}
          >
            Check all
          </button>
        )}
        {subjects.map((subject) => (
          <button key={subject} type="button" disabled={busy} onClick={() => onConform([subject])}>
            Check {subject}
          </button>
        ))}
      </div>
      <div class="progress" aria-live="polite">
        {activity && (
          <>
            <progress value={activity.share} max={1} aria-label="progress of the suite" />
            <p class="quiet">{activity.text}</p>
          </>
        )}
      </div>
      {checked.length > 0 && <Matrix reports={checked} />}
      {checked.map(([subject, report]) => (
        <Details key={subject} subject={subject} report={report} />
      ))}
    </section>
  );
}

const keyOf = ({ activation, direction, extent }: ActivationResult): string =>
  [activation, direction, ...(extent === null ? [] : [extent])].join(' ');

/** Grades side by side: a row for each question, a column for each subject. */
function Matrix({ reports }: { readonly reports: readonly (readonly [string, SubjectReport])[] }) {
  const all = reports.flatMap(([, { results }]) => results).filter(({ dtype }) => dtype === 'float32');
  const questions = [...new Set(all.map(keyOf))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div class="scroll" tabIndex={0}>
      <table class="grades">
        <caption>Grades of float32 in this browser</caption>
        <thead>
          <tr>
            <th scope="col">question</th>
            {reports.map(([subject]) => (
              <th key={subject} scope="col">
                {subject}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {questions.map((question) => (
            <tr key={question}>
              <th scope="row">{question}</th>
              {reports.map(([subject, { results }]) => {
                const row = results.find((each) => each.dtype === 'float32' && keyOf(each) === question);
                return <GradeCell key={subject} row={row} />;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function GradeCell({ row }: { readonly row: ActivationResult | undefined }) {
  if (!row || row.values === 0) return <td class="quiet">–</td>;
  const { grade, failed, expectedFailures } = row;
  const known = expectedFailures > 0 ? `, ${expectedFailures} known departures` : '';
  return (
    <td class={failed > 0 ? 'failed' : ''}>
      {grade ?? '–'}
      <span class="quiet">
        {failed > 0 ? ` ${failed} failed` : ''}
        {known}
      </span>
    </td>
  );
}

function Details({ subject, report }: { readonly subject: string; readonly report: SubjectReport }) {
  const { totals, results, failures } = report;
  const unexpected = failures.filter(({ expected }) => !expected);
  return (
    <details class="subject">
      <summary>
        {subject}: {totals.failed === 0 ? 'passed' : `${totals.failed} failed`}, {totals.cases.toLocaleString('en')}{' '}
        cases
        {totals.expectedFailures > 0 && `, ${totals.expectedFailures} known departures`}
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div class="scroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">activation</th>
              <th scope="col">direction</th>
              <th scope="col">extent</th>
              <th scope="col">type</th>
              <th scope="col">grade</th>
              <th scope="col">largest error</th>
              <th scope="col">values</th>
            </tr>
          </thead>
          <tbody>
            {results.map((row) => (
              <tr key={`${keyOf(row)} ${row.dtype}`}>
                <th scope="row">{row.activation}</th>
                <td>{row.direction}</td>
                <td>{row.extent ?? 'element'}</td>
                <td>{row.dtype}</td>
                <td>{row.grade ?? '–'}</td>
                <td>{typeof row.maxUlp === 'number' ? `${row.maxUlp.toPrecision(3)} ulp` : 'infinitely many ulp'}</td>
                <td>{row.values.toLocaleString('en')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {unexpected.length > 0 && (
        <ul class="reasons">
          {unexpected.map(({ id, faults }) => (
            <li key={id} class="failed">
              {id}: {faults.join('; ')}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
