/** The report: one file that opens from disk, charts inline, without scripts. */
import { parseHTML } from 'linkedom';
import type { Report } from '../core/report.ts';
import { banners, machineFacts, methodSection, missingSection } from './frame.ts';
import { html, trusted } from './markup.ts';
import { overview, topicSection, topicsOf } from './sections.ts';
import { style } from './style.ts';

export function toHtml(report: Report): string {
  const topics = topicsOf(report);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
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
${machineFacts(report)}
</header>
<main>
<ul class="key">
<li><span class="ours"></span>isoact</li><li><span></span>as users of the framework write it</li>
<li><span class="line"></span>reading and writing everything once at the speed of a copy</li>
</ul>
<section>${overview(topics)}</section>
${topics.map((topic) => topicSection(topic, report, document))}
${missingSection(report)}
${methodSection()}
</main>
</body>
</html>
`.markup;
}
