import type { Report } from '../core/report.ts';
export const toHtml = (report: Report): string => `<pre>${report.schema}</pre>`;
