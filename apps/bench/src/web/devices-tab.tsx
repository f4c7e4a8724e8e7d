/** Results of real GPUs that the page comes with, and those that a visitor adds from files. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { type DeviceMatrix, deviceMatrix, type MatrixCell } from '../core/device-matrix.ts';
import { parseReport, type Report } from '../core/report.ts';
import { digits, rate, share } from '../core/units.ts';

/** A file each, loaded when the tab is opened. */
const bundled = import.meta.glob<string>('../../results/*.json', { query: '?raw', import: 'default' });

const nameOf = (path: string): string => path.split('/').at(-1) ?? path;

/** Also called once the page is idle, so that the tab is there without a network. */
export const loadBundled = (): Promise<Report[]> =>
  Promise.all(Object.entries(bundled).map(async ([path, load]) => parseReport(await load(), nameOf(path))));

interface DevicesTabProps {
  /** Results of this browser, which stand beside the bundled ones where they are of a real GPU. */
  readonly own: readonly Report[];
  readonly onShow: (report: Report) => void;
}

export function DevicesTab({ own, onShow }: DevicesTabProps) {
  const [reports, setReports] = useState<readonly Report[] | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    loadBundled().then(setReports, (error: Error) => setProblem(error.message));
  }, []);
  const all = useMemo(() => [...(reports ?? []), ...own], [reports, own]);
  const matrix = useMemo(() => deviceMatrix(all), [all]);
  return (
    <section>
      <h2>Devices</h2>
      <p>
        Our fastest kernel on each GPU at its largest size: elements per second, the share of the roof that was measured
        on that GPU, and how many times as fast as the nearest peer that ran there.
      </p>
      {problem && (
        <p class="banner" role="alert">
          {problem}
        </p>
      )}
      {reports === null && !problem ? (
        <p aria-live="polite">Loading results…</p>
      ) : matrix.rows.length === 0 ? (
        <p class="empty">
          No result of a real GPU yet. <code>pnpm bench</code> on a machine with one makes the first; runs of this page
          on a hardware GPU appear here too.
        </p>
      ) : (
        <Matrix matrix={matrix} reports={all} onShow={onShow} />
      )}
    </section>
  );
}

interface MatrixProps {
  readonly matrix: DeviceMatrix;
  readonly reports: readonly Report[];
  readonly onShow: (report: Report) => void;
}

const Matrix = ({ matrix: { questions, rows }, reports, onShow }: MatrixProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
  <div class="scroll" tabIndex={0}>
    <table class="matrix">
      <thead>
        <tr>
          <th scope="col">GPU</th>
          {questions.map(({ activation, direction, dtype }) => (
            <th key={`${activation} ${direction} ${dtype}`} scope="col">
              {activation}
              <br />
              {direction}
              {dtype !== 'float32' && (
                <>
                  <br />
                  {dtype}
                </>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ device, createdAt, cells }) => (
          <tr key={`${device} ${createdAt}`}>
            <th scope="row">
              <button
                type="button"
                class="link"
                onClick={() => {
                  const report = reports.find((each) => each.createdAt === createdAt);
                  if (report) onShow(report);
                }}
              >
                {device}
              </button>
              <br />
              <span class="quiet">{createdAt.slice(0, 10)}</span>
            </th>
            {cells.map((cell, index) => (
              <td key={index}>{cell ? <Cell cell={cell} /> : '–'}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const Cell = ({ cell: { ours, elementsPerSecond, ofRoof, peer } }: { readonly cell: MatrixCell }) => (
  <>
    <strong>{rate(elementsPerSecond)}</strong>
    <br />
    {share(ofRoof)} of roof
    <br />
    {peer ? (
      <>
        {peer.verdict === 'unclear' ? 'not clearly apart from' : `${digits(peer.speedup, 2)}×`} {peer.subject}
      </>
    ) : (
      ours
    )}
  </>
);
