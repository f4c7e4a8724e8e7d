/** Measures away from the page, so that the page stays alive and the measurement undisturbed. */
import { catalogue } from '@isoact/core';
import { runConformance } from '@isoact/core/conformance';
import { full, quick } from '../core/budget.ts';
import type { BenchCase, Found } from '../core/candidate.ts';
import { run } from '../core/run.ts';
import { findBrowserBackends } from './find-backends.ts';
import type { Reply, Request, RunRequest } from './protocol.ts';

const scope = self as unknown as { postMessage(reply: Reply): void; onmessage: (event: MessageEvent<Request>) => void };
let found: Promise<Found> | undefined;
let interruption = new AbortController();

scope.onmessage = ({ data: request }) => {
  if (request.kind === 'abort') {
    interruption.abort();
    return;
  }
  answer(request).catch((error: unknown) => {
    scope.postMessage({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  });
};

async function answer(request: Exclude<Request, { kind: 'abort' }>): Promise<void> {
  found ??= findBrowserBackends();
  const backends = await found;
  if (request.kind === 'find') {
    const subjects = backends.contenders.map(({ subject, kind, device }) => ({ subject, kind, device }));
    scope.postMessage({ kind: 'found', subjects, missing: backends.missing });
  } else if (request.kind === 'run') {
    await measure(backends, request.request);
  } else {
    await conform(backends, request.subject, request.activations);
  }
}

async function measure(backends: Found, request: RunRequest): Promise<void> {
  interruption = new AbortController();
  const wanted = new Set(request.subjects);
  const contenders = backends.contenders.filter(({ subject }) => wanted.size === 0 || wanted.has(subject));
  const [main = 2 ** 15, ...others] = request.elements;
  const effort = request.effort === 'quick' ? quick : full;
  const cases = casesOf(request, main);
  const sweep = others.flatMap((elements) => casesOf(request, elements));
  const report = await run({
    effort,
    cases,
    sweep,
    found: { ...backends, contenders },
    machine: {
      cpu: `processor with ${navigator.hardwareConcurrency} threads`,
      cores: navigator.hardwareConcurrency,
      memoryBytes: 0,
      load: null,
      system: navigator.userAgent,
      runtime: 'browser',
      versions: {},
    },
    command: 'bench:web',
    seed: request.seed,
    signal: interruption.signal,
    elapsedMs: 0,
    onEvent: (event) => {
      if (event.kind === 'case') scope.postMessage({ kind: 'report', report: event.report, done: false });
      else {
        const { activation, direction, shape } = event.question;
        const left = `${Math.ceil(event.leftMs / 1e3)} s left`;
        scope.postMessage({
          kind: 'step',
          text: `${activation.name} ${direction} ${shape.join('×')}: ${event.step}, at most ${left}`,
          share: event.index / (cases.length + sweep.length),
        });
      }
    },
  });
  scope.postMessage({ kind: 'report', report, done: true });
  const reason = backends.lost?.() ?? null;
  if (reason !== null) scope.postMessage({ kind: 'lost', reason });
}

const rowLength = 1024;

function casesOf({ activations, directions }: RunRequest, elements: number): BenchCase[] {
  const shape = elements % rowLength === 0 ? [elements / rowLength, rowLength] : [1, elements];
  return activations.flatMap((name) => {
    const define = Object.hasOwn(catalogue, name) ? catalogue[name as keyof typeof catalogue] : undefined;
    if (!define) return [];
    const activation = define();
    return directions.map((direction) => ({ activation, direction, shape, dtype: 'float32' as const }));
  });
}

async function conform(backends: Found, subject: string, activations: readonly string[]): Promise<void> {
  const backend = backends.contenders.find((each) => each.subject === subject && each.kind === 'ours')?.backend;
  if (!backend) throw new RangeError(`The subject must be a backend of ours (was ${subject}).`);
  const report = await runConformance(backend, {
    activations,
    quick: true,
    onProgress: ({ id, done }) => scope.postMessage({ kind: 'step', text: `${done}: ${id}`, share: 0 }),
  });
  scope.postMessage({ kind: 'conformance', subject, report });
}
