/** The benchmark: what to run, its progress, its results. */
import { useState } from 'preact/hooks';
import { benchDtypes } from '../core/dtypes.ts';
import type { Report } from '../core/report.ts';
import { toCsv } from '../report/csv.ts';
import { toMarkdown } from '../report/markdown.ts';
import { Choices } from './choices.tsx';
import { CompareView } from './compare-view.tsx';
import { activationNames, type LinkState, sizeChoices } from './link-state.ts';
import type { SubjectSummary } from './protocol.ts';
import { ResultsView } from './results-view.tsx';
import { labelOf, offerFile, readResultFile } from './saved-results.ts';

export interface Activity {
  readonly text: string;
  readonly share: number;
}

interface BenchTabProps {
  readonly state: LinkState;
  readonly update: (change: Partial<LinkState>) => void;
  readonly subjects: readonly SubjectSummary[];
  readonly activity: Activity | null;
  readonly report: Report | null;
  readonly saved: readonly Report[];
  readonly onRun: () => void;
  readonly onAbort: () => void;
  readonly onShow: (report: Report) => void;
  readonly onProblem: (message: string) => void;
}

export function BenchTab(props: BenchTabProps) {
  const { state, update, subjects, activity, report, saved, onRun, onAbort, onShow, onProblem } = props;
  const [baseline, setBaseline] = useState<Report | null>(null);
  const names = subjects.map(({ subject }) => subject);
  const chosen = state.subjects.length === 0 ? names : state.subjects;
  const busy = activity !== null;
  const axes = [state.activations, state.directions, state.dtypes, state.elements];
  const runnable = names.length > 0 && axes.every((chosen) => chosen.length > 0);
  const read = (file: File | undefined, use: (report: Report) => void) => {
    if (file) readResultFile(file).then(use, (error: Error) => onProblem(error.message));
  };
  return (
    <>
      <form
        class="setup"
        onSubmit={(event) => {
          event.preventDefault();
          onRun();
        }}
      >
        <Choices
          legend="Activations"
          options={activationNames}
          chosen={state.activations}
          disabled={busy}
          onChange={(activations) => update({ activations })}
        />
        <Choices
          legend="Directions"
          options={['forward', 'vjp'] as const}
          chosen={state.directions}
          disabled={busy}
          onChange={(directions) => update({ directions })}
        />
        <Choices
          legend="Data types"
          options={benchDtypes}
          chosen={state.dtypes}
          disabled={busy}
          onChange={(dtypes) => update({ dtypes })}
        />
        <Choices
          legend="Elements"
          options={sizeChoices}
          chosen={state.elements}
          disabled={busy}
          describe={(size) => size.toLocaleString('en')}
          onChange={(elements) => update({ elements })}
        />
        <Choices
          legend="Time"
          options={['quick', 'full'] as const}
          chosen={[state.effort]}
          single
          disabled={busy}
          describe={(effort) => (effort === 'quick' ? 'under a minute' : 'five minutes')}
          onChange={([effort = 'quick']) => update({ effort })}
        />
        <Choices
          legend="Subjects"
          options={names}
          chosen={chosen}
          disabled={busy}
          onChange={(list) => update({ subjects: list.length === names.length ? [] : list })}
        />
        <div class="actions">
          {busy ? (
            <button type="button" class="main" onClick={onAbort}>
              Stop
            </button>
          ) : (
            <button type="submit" class="main" disabled={!runnable}>
              Check and measure
            </button>
          )}
          <button type="button" onClick={() => void navigator.clipboard?.writeText(location.href)}>
            Copy link
          </button>
        </div>
      </form>
      <div class="progress" aria-live="polite">
        {activity && (
          <>
            <progress value={activity.share} max={1} aria-label="progress of the run" />
            <p class="quiet">{activity.text}</p>
          </>
        )}
      </div>
      <div class="actions">
        <label class="button">
          Open a result
          <input
            type="file"
            accept=".json,application/json"
            class="hidden-input"
            onChange={({ currentTarget }) => read(currentTarget.files?.[0], onShow)}
          />
        </label>
        {saved.length > 0 && (
          <label>
            Kept here{' '}
            <select
              value=""
              onChange={({ currentTarget }) =>
                saved[Number(currentTarget.value)] && onShow(saved[Number(currentTarget.value)] as Report)
              }
            >
              <option value="">choose</option>
              {saved.map((each, index) => (
                <option key={each.createdAt} value={index}>
                  {labelOf(each)}
                </option>
              ))}
            </select>
          </label>
        )}
        {report && (
          <>
            <button
              type="button"
              onClick={() => offerFile('isoact-bench.json', 'application/json', JSON.stringify(report, null, 1))}
            >
              Save JSON
            </button>
            <button type="button" onClick={() => offerFile('isoact-bench.csv', 'text/csv', toCsv(report))}>
              Save CSV
            </button>
            <button type="button" onClick={() => void navigator.clipboard?.writeText(toMarkdown(report))}>
              Copy as Markdown
            </button>
            <label>
              Compare with{' '}
              <select onChange={({ currentTarget }) => setBaseline(saved[Number(currentTarget.value)] ?? null)}>
                <option value="-1">nothing</option>
                {saved.map((each, index) => (
                  <option key={each.createdAt} value={index}>
                    {labelOf(each)}
                  </option>
                ))}
              </select>
            </label>
            <label class="button">
              Compare with a file
              <input
                type="file"
                accept=".json,application/json"
                class="hidden-input"
                onChange={({ currentTarget }) => read(currentTarget.files?.[0], setBaseline)}
              />
            </label>
          </>
        )}
      </div>
      {report && baseline && <CompareView now={report} then={baseline} />}
      {report && <ResultsView report={report} />}
    </>
  );
}
