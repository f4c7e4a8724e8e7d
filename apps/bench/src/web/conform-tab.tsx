/** The conformance suite in this browser: which answers each of our backends gets right, and how nearly. */
import type { SubjectReport } from '@isoact/core/conformance';
import type { Activity } from './bench-tab.tsx';
import type { SubjectSummary } from './protocol.ts';

interface ConformTabProps {
  readonly subjects: readonly SubjectSummary[];
  readonly activations: readonly string[];
  readonly activity: Activity | null;
  readonly reports: ReadonlyMap<string, SubjectReport>;
  readonly onConform: (subject: string) => void;
}

export function ConformTab({ subjects, activations, activity, reports, onConform }: ConformTabProps) {
  const ours = subjects.filter(({ kind }) => kind === 'ours');
  return (
    <section>
      <h2>Conformance</h2>
      <p>
        The suite’s quick cases for {activations.join(', ')}, against a float64 reference. B is what our kernels owe, D
        what frameworks reach.
      </p>
      <div class="actions">
        {ours.map(({ subject }) => (
          <button key={subject} type="button" disabled={activity !== null} onClick={() => onConform(subject)}>
            Check {subject}
          </button>
        ))}
      </div>
      <p class="quiet" aria-live="polite">
        {activity?.text}
      </p>
      {[...reports].map(([subject, report]) => (
        <Grades key={subject} subject={subject} report={report} />
      ))}
    </section>
  );
}

function Grades({ subject, report }: { readonly subject: string; readonly report: SubjectReport }) {
  return (
    <section>
      <h3>
        {subject}: {report.passed ? 'passed' : 'not passed'}
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div class="scroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">activation</th>
              <th scope="col">direction</th>
              <th scope="col">extent</th>
              <th scope="col">grade</th>
              <th scope="col">largest error</th>
              <th scope="col">values</th>
            </tr>
          </thead>
          <tbody>
            {report.results.map((row) => (
              <tr key={`${row.activation} ${row.direction} ${row.dtype} ${row.extent}`}>
                <th scope="row">{row.activation}</th>
                <td>{row.direction}</td>
                <td>{row.extent ?? 'element'}</td>
                <td>{row.grade ?? '–'}</td>
                <td>{typeof row.maxUlp === 'number' ? row.maxUlp.toPrecision(3) : 'infinitely many'} ulp</td>
                <td>{row.values.toLocaleString('en')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
