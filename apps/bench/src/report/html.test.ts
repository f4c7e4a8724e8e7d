import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { hostileName, sampleReport } from '../testing/sample-report.ts';
import { toHtml } from './html.ts';

test('every text is escaped', () => {
  const page = toHtml(sampleReport());
  expect(page).not.toContain('<img');
  const { document } = parseHTML(page);
  expect(document.querySelectorAll('img, script').length).toBe(0);
  expect(document.body.textContent).toContain(hostileName);
});

test('the page needs nothing from anywhere', () => {
  const page = toHtml(sampleReport());
  expect(page).not.toMatch(/\b(?:src|href)="/);
  expect(page).not.toMatch(/url\(/);
  expect(page).toContain("default-src 'none'");
});

test('software, a quick run and an interruption are said openly', () => {
  const page = toHtml({ ...sampleReport(), complete: false });
  const { document } = parseHTML(page);
  const banners = [...document.querySelectorAll('.banner')].map((banner) => banner.textContent);
  expect(banners).toHaveLength(3);
  expect(banners.join(' ')).toMatch(/interrupted.*software.*quick/s);
});

test('a report without results is a page too', () => {
  expect(toHtml({ ...sampleReport(), results: [], comparisons: [], roofs: [] })).toContain('</html>');
});

test('each data type has a table of its own, and says below it who has none of it', () => {
  const report = sampleReport();
  const [gpu, cpu] = report.results;
  if (!gpu || !cpu) throw new Error('the sample report must have rows');
  const lacking = { gate: 'unsupported: no float16', latencyMs: null, throughput: null };
  const half = [
    { ...gpu, dtype: 'float16' },
    { ...cpu, ...lacking, dtype: 'float16' },
  ] as const;
  const { document } = parseHTML(toHtml({ ...report, results: [...report.results, ...half] }));
  const titles = [...document.querySelectorAll('main > section:first-of-type h3')].map((title) => title.textContent);
  expect(titles).toEqual(['Software GPU, float32', 'Software GPU, float16', 'CPU, float32', 'CPU, float16']);
  expect(document.querySelector('#gelu-forward-float16')?.textContent).toBe('gelu forward float16');
  expect(document.querySelector('main > section:first-of-type')?.textContent).toContain(
    'unsupported: no float16 (reference)',
  );
});
