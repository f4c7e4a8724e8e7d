/** One line per row, for spreadsheets (RFC 4180). */
import type { Report, Result } from '../core/report.ts';

const columns = {
  subject: (row) => row.subject,
  kind: (row) => row.kind,
  device: (row) => row.device.description,
  software: (row) => row.device.software,
  activation: (row) => row.activation,
  direction: (row) => row.direction,
  shape: (row) => row.shape.join('x'),
  dtype: (row) => row.dtype,
  door: (row) => row.door,
  gate: (row) => row.gate,
  bytes: (row) => row.bytes,
  passes: (row) => row.passes,
  first_call_ms: (row) => row.firstCallMs,
  latency_median_ms: (row) => row.latencyMs?.median,
  latency_mad_ms: (row) => row.latencyMs?.mad,
  latency_p05_ms: (row) => row.latencyMs?.p05,
  latency_p95_ms: (row) => row.latencyMs?.p95,
  call_median_ms: (row) => row.throughput?.callMs.median,
  samples: (row) => row.throughput?.callMs.samples.length,
  elements_per_second: (row) => row.throughput?.elementsPerSecond,
  gigabytes_per_second: (row) => row.throughput?.gigabytesPerSecond,
  of_copy: (row) => row.throughput?.ofCopy,
  of_ideal: (row) => row.throughput?.ofIdeal,
  of_roof: (row) => row.throughput?.ofRoof,
  gpu_call_median_ms: (row) => row.gpu?.callMs.median,
  cold_call_median_ms: (row) => row.cold?.callMs.median,
  cold_of_ideal: (row) => row.cold?.ofIdeal,
  labels: (row) => row.labels.join(' '),
} satisfies Record<string, (row: Result) => string | number | boolean | null | undefined>;

export function toCsv({ results }: Report): string {
  const lines = results.map((row) => Object.values(columns).map((value) => cell(value(row))));
  return [Object.keys(columns), ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}

function cell(value: string | number | boolean | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value);
  // A leading = + - @ of a text would be run as a formula.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
