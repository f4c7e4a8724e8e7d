/** The report: one file that opens from disk, charts inline, without scripts. */
import type { Report } from '../core/report.ts';
import { html, type Markup, trusted } from './markup.ts';
import { overview, topicSection, topicsOf } from './sections.ts';
import { style } from './style.ts';

export function toHtml(report: Report): string {
  const topics = topicsOf(report);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>isoact bench: ${report.machine.cpu}</title>
<style>${trusted(style)}</style>
</head>
<body>
<header>
<h1>Activation functions on the backends of this machine</h1>
<p class="quiet">Every number below belongs to a candidate whose answers were checked on what was timed, before and after.</p>
${banners(report)}
${machine(report)}
</header>
<main>
<ul class="key">
<li><span class="ours"></span>isoact</li><li><span></span>as users of the framework write it</li>
<li><span class="line"></span>reading and writing everything once at the speed of a copy</li>
</ul>
<section>${overview(topics)}</section>
${topics.map((topic) => topicSection(topic, report))}
${missing(report)}
${method(report)}
</main>
</body>
</html>
`.markup;
}

function banners({ effort, complete, results, machine: { load, cores } }: Report): Markup[] {
  const software = [...new Set(results.flatMap(({ device }) => (device.software ? [device.description] : [])))];
  return [
    ...(complete ? [] : [html`<p class="banner">The run was interrupted: what is here was finished before.</p>`]),
    ...software.map(
      (name) =>
        html`<p class="banner">${name} is software. Its timings say nothing about any GPU; passes and bytes do.</p>`,
    ),
    ...(load !== null && load >= cores / 2
      ? [
          html`<p class="banner">Other programs were busy when the run began (load ${load.toFixed(1)} on ${cores} cores).</p>`,
        ]
      : []),
    ...(effort === 'quick'
      ? [html`<p class="banner">A quick run with few samples: it shows factors, not percents.</p>`]
      : []),
  ];
}

function machine({
  machine: { cpu, cores, memoryBytes, system, runtime, versions },
  createdAt,
  command,
  elapsedMs,
  seed,
}: Report): Markup {
  const facts: readonly (readonly [string, string])[] = [
    ['Processor', `${cpu}, ${cores} cores, ${Math.round(memoryBytes / 2 ** 30)} GiB`],
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
  return html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

const missing = ({ missing: absent }: Report): Markup | null =>
  absent.length === 0
    ? null
    : html`<section><h2>Not here</h2><ul class="reasons">${absent.map(({ subject, reason }) => html`<li>${subject}: ${reason}</li>`)}</ul></section>`;

const method = ({ roofs }: Report): Markup => html`<section>
<h2>How it was measured</h2>
<p>Latency is one call with its completion. Time per call is a slope, (T(2k) − T(k)) / k over batches of k calls, which cancels
what is paid once. Candidates take turns in an order drawn anew each round; a copy of the same elements runs in each round, and
rounds in which it drifts are dropped. Verdicts: Mann-Whitney U at α = 0.01 and a bootstrap interval of the ratio.</p>
<p>“Of copy” is the bytes that a candidate moves by its plan, over the bandwidth of a measured copy; “of ideal” counts only
what must be moved. A candidate marked “host arrays” takes and returns JavaScript arrays, upload and readback included.</p>
<p class="quiet">${roofs.length} copies were measured, from ${Math.min(...roofs.map(({ elements }) => elements), Number.POSITIVE_INFINITY).toLocaleString('en')} elements.</p>
</section>`;
