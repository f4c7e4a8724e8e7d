/** Peers' own tests through our backends. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ActivationBackend, UnsupportedError } from '@isoact/core';
import { type Candidate, openCandidate } from '../candidate.ts';
import type { ProgressLine } from '../progress.ts';
import { readOnnxTests } from './onnx-tests.ts';
import { meets, type PeerCase, type PeerCases, ulpsBetween } from './peer-case.ts';
import { readWebnnTests } from './webnn-tests.ts';

export interface PeerResult {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'unsupported';
  readonly maxUlp: number;
  readonly fault?: string;
}

export interface PeerReport {
  readonly backend: string;
  readonly results: readonly PeerResult[];
}

/** @throws where there is no such folder or file, or nothing in it is a case. */
export async function readPeerCases(onnx: readonly string[], webnn: readonly string[]): Promise<PeerCases> {
  const all: PeerCases[] = [];
  for (const folder of onnx) all.push(await readOnnxTests(folder));
  for (const path of webnn) {
    const isFolder = (await stat(path)).isDirectory();
    const files = isFolder
      ? (await readdir(path)).filter((name) => name.endsWith('.js')).map((name) => join(path, name))
      : [path];
    for (const file of files.sort()) all.push(readWebnnTests(await readFile(file, 'utf8')));
  }
  return { cases: all.flatMap(({ cases }) => cases), skipped: all.flatMap(({ skipped }) => skipped) };
}

export async function runPeerCase(backend: ActivationBackend, peer: PeerCase): Promise<PeerResult> {
  const { name, activation, shape, x, parameterShapes, parameters, expected, tolerance } = peer;
  try {
    const compiled = await backend.compile(activation, { shape, dtype: 'float32', parameterShapes });
    const { y } = await compiled.forward({ x, parameters });
    compiled.dispose();
    if (y.length !== expected.length)
      return {
        name,
        status: 'failed',
        maxUlp: Number.POSITIVE_INFINITY,
        fault: `${y.length} values (not ${expected.length})`,
      };
    const wrong = y.findIndex((value, index) => !meets(value, expected[index] as number, tolerance));
    const maxUlp = Math.max(0, ...Array.from(y, (value, index) => ulpsBetween(value, expected[index] as number)));
    if (wrong < 0) return { name, status: 'passed', maxUlp };
    return { name, status: 'failed', maxUlp, fault: `y[${wrong}] must be ${expected[wrong]} (was ${y[wrong]})` };
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { name, status: error instanceof UnsupportedError ? 'unsupported' : 'failed', maxUlp: 0, fault };
  }
}

/** 0 where some case ran and none failed. */
export async function runPeers(
  candidates: readonly Candidate[],
  { cases, skipped }: PeerCases,
  progress: ProgressLine,
): Promise<{ readonly code: number; readonly reports: readonly PeerReport[]; readonly markdown: string }> {
  const reports: PeerReport[] = [];
  for (const candidate of candidates) {
    const { name } = candidate;
    const backend = await openCandidate(candidate, progress);
    if (!backend) continue;
    const results: PeerResult[] = [];
    for (const peer of cases) {
      progress.show(`${name}: ${peer.name}`);
      results.push(await runPeerCase(backend, peer));
    }
    await backend.dispose();
    reports.push({ backend: name, results });
  }
  const all = reports.flatMap(({ results }) => results);
  const code = all.some(({ status }) => status === 'passed') && all.every(({ status }) => status !== 'failed') ? 0 : 1;
  return { code, reports, markdown: peersMarkdown(reports, skipped) };
}

function peersMarkdown(reports: readonly PeerReport[], skipped: PeerCases['skipped']): string {
  const count = (results: readonly PeerResult[], wanted: PeerResult['status']): number =>
    results.filter(({ status }) => status === wanted).length;
  const rows = reports.map(({ backend, results }) => {
    const most = Math.max(0, ...results.filter(({ status }) => status === 'passed').map(({ maxUlp }) => maxUlp));
    const counts = (['passed', 'failed', 'unsupported'] as const).map((status) => String(count(results, status)));
    return `| ${[backend, ...counts, String(most)].join(' | ')} |`;
  });
  const faults = reports.flatMap(({ backend, results }) =>
    results
      .filter(({ status }) => status === 'failed')
      .map(({ name, fault }) => `- ${backend}, ${JSON.stringify(name)}: ${fault}`),
  );
  return [
    "# Peers' own tests",
    [
      '| backend | passed | failed | unsupported | max ulp of a passed one |',
      '| --- | --- | --- | --- | --- |',
      ...rows,
    ].join('\n'),
    ...(faults.length > 0 ? [`## Failures\n\n${faults.join('\n')}`] : []),
    ...(skipped.length > 0
      ? [
          `## Not about an activation\n\n${skipped.map(({ name, reason }) => `- ${JSON.stringify(name)}: ${reason.split('\n')[0]}`).join('\n')}`,
        ]
      : []),
    '',
  ].join('\n\n');
}
