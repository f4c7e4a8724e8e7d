/** Measures away from the page, so that the page stays alive and the measurement undisturbed. */
import { full, quick } from '../core/budget.ts';
import type { Found } from '../core/candidate.ts';
import { casesOf, isActivationName } from '../core/cases.ts';
import { run } from '../core/run.ts';
import { questionText, shapeText, timeLeftText } from '../core/units.ts';
import { checkableSubjects, conform } from './conform.ts';
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
    scope.postMessage({
      kind: 'found',
      subjects,
      checkable: checkableSubjects(backends),
      missing: backends.missing,
    });
  } else if (request.kind === 'run') {
    await measure(backends, request.request);
  } else {
    await check(backends, request.subjects, request.activations);
  }
}

async function measure(backends: Found, request: RunRequest): Promise<void> {
  interruption = new AbortController();
  const wanted = new Set(request.subjects);
  const contenders = backends.contenders.filter(({ subject }) => wanted.size === 0 || wanted.has(subject));
  const [main = 2 ** 15, ...others] = request.elements;
  const effort = request.effort === 'quick' ? quick : full;
  const axes = { ...request, activations: request.activations.filter(isActivationName), extents: [] };
  const cases = casesOf(axes, [main]);
  const sweep = casesOf(axes, others);
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
      else if (event.kind === 'step') {
        const { name, direction, dtype, shape } = event.question;
        scope.postMessage({
          kind: 'step',
          text: `${questionText(name, direction, dtype)} ${shapeText(shape)}: ${event.step}, ${timeLeftText(event.leftMs)}`,
          share: event.index / (cases.length + sweep.length),
        });
      }
    },
  });
  scope.postMessage({ kind: 'report', report, done: true });
  const reason = backends.lost?.() ?? null;
  if (reason !== null) scope.postMessage({ kind: 'lost', reason });
}

async function check(backends: Found, subjects: readonly string[], activations: readonly string[]): Promise<void> {
  interruption = new AbortController();
  const { signal } = interruption;
  for (const [index, subject] of subjects.entries()) {
    if (signal.aborted) break;
    await conform(backends, subject, {
      activations,
      signal,
      onCase: (id) => scope.postMessage({ kind: 'step', text: `${subject}: ${id}`, share: index / subjects.length }),
      onReport: (report) => scope.postMessage({ kind: 'conformance', subject, report }),
    });
  }
  scope.postMessage({ kind: 'conformed' });
}
