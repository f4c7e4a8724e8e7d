/** The page: its state, its worker, its tabs. */
import type { SubjectReport } from '@isoact/core/conformance';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Report } from '../core/report.ts';
import { type Activity, BenchTab } from './bench-tab.tsx';
import { type Client, createClient } from './client.ts';
import { ConformTab } from './conform-tab.tsx';
import { DevicePanel } from './device-panel.tsx';
import { DevicesTab, loadBundled } from './devices-tab.tsx';
import { ExploreTab } from './explore-tab.tsx';
import { type LinkState, readLink, type Tab, writeLink } from './link-state.ts';
import type { Reply } from './protocol.ts';
import { savedResults, saveResult } from './saved-results.ts';
import { TabList } from './tab-list.tsx';

type Found = Extract<Reply, { kind: 'found' }>;

const titles: Readonly<Record<Tab, string>> = {
  bench: 'Benchmark',
  conform: 'Conformance',
  explore: 'Explorer',
  devices: 'Devices',
};

export function App() {
  const [state, setState] = useState(() => readLink(location.hash));
  const [found, setFound] = useState<Found | null>(null);
  const [activity, setActivity] = useState<Activity | null>({ text: 'looking for backends', share: 0 });
  const [report, setReport] = useState<Report | null>(null);
  const [saved, setSaved] = useState<readonly Report[]>(savedResults);
  const [conformance, setConformance] = useState<ReadonlyMap<string, SubjectReport>>(new Map());
  const [problem, setProblem] = useState('');
  const client = useRef<Client | null>(null);
  const measuring = useRef(false);

  const update = (change: Partial<LinkState>) => setState((before) => ({ ...before, ...change }));
  useEffect(() => history.replaceState(null, '', writeLink(state) || location.pathname + location.search), [state]);
  useEffect(() => {
    const onHash = () => setState(readLink(location.hash));
    addEventListener('hashchange', onHash);
    return () => removeEventListener('hashchange', onHash);
  }, []);

  const onReply = (reply: Reply) => {
    if (reply.kind === 'step') return setActivity({ text: reply.text, share: reply.share });
    if (reply.kind === 'report') {
      setReport(reply.report);
      if (!reply.done) return;
      if (reply.report.results.length > 0) setSaved(saveResult(reply.report));
    } else if (reply.kind === 'conformance') {
      return setConformance((before) => new Map([...before, [reply.subject, reply.report]]));
    } else if (reply.kind === 'conformed') {
      setProblem('');
    } else if (reply.kind === 'found') {
      setFound(reply);
    } else if (reply.kind === 'lost') {
      setProblem(`The GPU was lost (${reply.reason}). What was finished is kept, and the GPU is looked for again.`);
      return start();
    } else {
      setProblem(reply.message);
    }
    measuring.current = false;
    setActivity(null);
  };
  /** A worker of its own for each life of the GPU: frameworks hold on to the device that they began with. */
  const start = () => {
    client.current?.close();
    measuring.current = false;
    setFound(null);
    setActivity({ text: 'looking for backends', share: 0 });
    client.current = createClient(onReply);
    client.current.send({ kind: 'find' });
  };
  useEffect(() => {
    start();
    return () => client.current?.close();
  }, []);

  const run = () => {
    setProblem('');
    setActivity({ text: 'starting', share: 0 });
    measuring.current = true;
    const { effort, activations, directions, dtypes, subjects, elements, seed } = state;
    client.current?.send({
      kind: 'run',
      request: { effort, activations, directions, dtypes, subjects, elements, seed },
    });
  };
  const abort = () => client.current?.send({ kind: 'abort' });
  useEffect(() => {
    // The tab itself says what is wrong with a file.
    if (found) loadBundled().catch(() => {});
  }, [found]);
  // A link may start the run, once the backends are known.
  const begun = useRef(false);
  useEffect(() => {
    if (!found || !state.run || begun.current) return;
    begun.current = true;
    run();
  }, [found]);
  // Browsers slow down what is not seen: its timings would be wrong.
  useEffect(() => {
    const onHidden = () => {
      if (!document.hidden || !measuring.current) return;
      abort();
      setProblem('The run was stopped because the page was hidden.');
    };
    document.addEventListener('visibilitychange', onHidden);
    return () => document.removeEventListener('visibilitychange', onHidden);
  }, []);

  const panels: Readonly<Record<Tab, preact.JSX.Element>> = useMemo(
    () => ({
      bench: (
        <BenchTab
          state={state}
          update={update}
          subjects={found?.subjects ?? []}
          activity={activity}
          report={report}
          saved={saved}
          onRun={run}
          onAbort={abort}
          onShow={setReport}
          onProblem={setProblem}
        />
      ),
      conform: (
        <ConformTab
          subjects={found?.checkable ?? []}
          activations={state.activations}
          activity={activity}
          reports={conformance}
          onActivations={(activations) => update({ activations })}
          onConform={(subjects) => {
            setActivity({ text: 'starting', share: 0 });
            client.current?.send({ kind: 'conform', subjects, activations: state.activations });
          }}
          onAbort={abort}
        />
      ),
      explore: <ExploreTab state={state} update={update} />,
      devices: (
        <DevicesTab
          own={saved}
          onShow={(shown) => {
            setReport(shown);
            update({ tab: 'bench' });
          }}
        />
      ),
    }),
    [state, found, activity, report, saved, conformance],
  );
  return (
    <>
      <header>
        <h1>isoact bench</h1>
        <p class="quiet">Activation functions on every backend of this browser: first checked, then compared.</p>
      </header>
      <main>
        {problem && (
          <p class="banner" role="alert">
            {problem}
          </p>
        )}
        {found ? (
          <DevicePanel subjects={found.subjects} missing={found.missing} />
        ) : (
          <p aria-live="polite">Looking for backends…</p>
        )}
        <TabList label="Parts of this page" tabs={titles} current={state.tab} onSelect={(tab) => update({ tab })} />
        <div role="tabpanel" id={`panel-${state.tab}`} aria-labelledby={`tab-${state.tab}`}>
          {panels[state.tab]}
        </div>
      </main>
    </>
  );
}
