/** What stands around the results: warnings, the machine, what was not found, how it was measured. */
import { fewestSamples, type Report } from '../core/report.ts';
import { html, type Markup } from './markup.ts';

export function banners({ effort, complete, results, machine: { load, cores } }: Report): Markup[] {
  const software = [...new Set(results.flatMap(({ device }) => (device.software ? [device.description] : [])))];
  const fewest = results.filter(({ labels }) => labels.includes(fewestSamples));
  return [
    ...(complete
      ? []
      : [html`<p class="banner">The run was interrupted, or its time was over: what is here was finished before.</p>`]),
    ...software.map(
      (name) =>
        html`<p class="banner">${name} is software. Its timings say nothing about any GPU; passes and bytes do.</p>`,
    ),
    ...(load !== null && load >= cores / 2
      ? [
          html`<p class="banner">Other programs were busy when the run began (load ${load.toFixed(1)} on ${cores} cores).</p>`,
        ]
      : []),
    ...(fewest.length > 0
      ? [
          html`<p class="banner">${fewest.length} of ${results.length} rows stand on the fewest samples, five: their calls are long, or the machine was slow.</p>`,
        ]
      : []),
    ...(effort === 'quick'
      ? [html`<p class="banner">A quick run with few samples: it shows factors, not percents.</p>`]
      : []),
  ];
}

export function machineFacts({
  machine: { cpu, cores, memoryBytes, system, runtime, versions },
  createdAt,
  command,
  elapsedMs,
  seed,
}: Report): Markup {
  const facts: readonly (readonly [string, string])[] = [
    ['Processor', memoryBytes > 0 ? `${cpu}, ${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GiB` : cpu],
    ['System', `${system}, ${runtime}`],
    [
      'Runtimes',
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ['Run', `${createdAt.slice(0, 16).replace('T', ' ')} UTC, ${Math.round(elapsedMs / 1e3)} s, seed ${seed}`],
    ['Command', command],
  ];
  // A browser tells less than Node.
  return html`<dl>${facts.filter(([, value]) => value !== '').map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

export const missingSection = ({ missing: absent }: Report): Markup | null =>
  absent.length === 0
    ? null
    : html`<section><h2>Not here</h2><ul class="reasons">${absent.map(({ subject, reason }) => html`<li>${subject}: ${reason}</li>`)}</ul></section>`;

export const methodSection = (): Markup => html`<section>
<h2>How it was measured</h2>
<p>Latency is one call with its completion. Time per call is a slope, (T(2k) − T(k)) / k over batches of k calls, which cancels
what is paid once. Candidates take turns in an order drawn anew each round; a copy of the same elements runs in each round, and
rounds in which it drifts are dropped. Verdicts: Mann-Whitney U at α = 0.01 and a bootstrap interval of the ratio.</p>
<p>“Of copy” is the bytes that a candidate moves by its plan, over the bandwidth of a measured copy. “Of roof” is the least time
that the device could take over the time taken: reading and writing everything once at the speed of the copy, or the arithmetic of
the definition at a measured peak, whichever is longer. “By GPU clock” is between timestamps of the device itself. A “cold call” takes
the next of several sets of buffers, 256 MB in sum, which no cache holds. A candidate marked “host arrays” takes and returns
JavaScript arrays, upload and readback included.</p>
</section>`;
