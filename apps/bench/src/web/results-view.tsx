/** A result on the page: the same sections as in the report that the command writes. */
import { useMemo } from 'preact/hooks';
import type { Report } from '../core/report.ts';
import { banners, machineFacts, methodSection, missingSection } from '../report/frame.ts';
import { html } from '../report/markup.ts';
import { overview, topicSection, topicsOf } from '../report/sections.ts';

export function ResultsView({ report }: { readonly report: Report }) {
  const markup = useMemo(() => {
    const topics = topicsOf(report);
    return html`${banners(report)}
<ul class="key">
<li><span class="ours"></span>isoact</li><li><span></span>as users of the framework write it</li>
<li><span class="line"></span>reading and writing everything once at the speed of a copy</li>
</ul>
${overview(topics)}
${topics.map((topic) => topicSection(topic, report, document))}
${missingSection(report)}
${machineFacts(report)}
${methodSection()}`.markup;
  }, [report]);
  // Every text in it went through html`…`, which escapes.
  return <div class="results" dangerouslySetInnerHTML={{ __html: markup }} />;
}
