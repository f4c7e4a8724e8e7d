/** Two results side by side. Times of two runs are divided by each run's own copy, so that the machine's mood cancels. */
import { median } from 'simple-statistics';
import { keyOf } from '../core/baseline.ts';
import { inCopies } from '../core/copies.ts';
import type { Report, Result } from '../core/report.ts';
import { digits, milliseconds, questionText, shapeText } from '../core/units.ts';

interface CompareProps {
  readonly now: Report;
  readonly then: Report;
}

const copiesOf = (row: Result, report: Report): number | null => {
  const samples = inCopies(row, report);
  return samples && median(samples);
};

export function CompareView({ now, then }: CompareProps) {
  const older = new Map(then.results.map((row) => [keyOf(row), row]));
  const pairs = now.results.flatMap((row) => {
    const other = older.get(keyOf(row));
    return other ? [{ row, other }] : [];
  });
  if (pairs.length === 0) return <p>The two results have no row in common.</p>;
  return (
    <section>
      <h2>Compared</h2>
      <p class="quiet">
        Ratios are taken in copies of the same elements on the same device, each run by its own: below 1 is faster now.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div class="scroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">row</th>
              <th scope="col">now</th>
              <th scope="col">then</th>
              <th scope="col">ratio</th>
            </tr>
          </thead>
          <tbody>
            {pairs.map(({ row, other }) => {
              const [mine, theirs] = [copiesOf(row, now), copiesOf(other, then)];
              return (
                <tr key={keyOf(row)}>
                  <th scope="row">
                    {row.subject}, {questionText(row.activation, row.direction, row.dtype)}, {shapeText(row.shape)}
                  </th>
                  <td>{milliseconds(row.throughput?.callMs.median)}</td>
                  <td>{milliseconds(other.throughput?.callMs.median)}</td>
                  <td>{mine && theirs ? digits(mine / theirs) : '–'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
