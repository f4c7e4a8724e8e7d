import { expect, test } from 'vitest';
import { brokenLinks } from './broken-links.ts';

const page = (body: string) => `<!doctype html><html><body>${body}</body></html>`;
const pages = new Map([
  [
    '/index.html',
    page('<a href="/guides/one.html#there">1</a><a href="https://elsewhere.example/x">2</a><img src="a.svg">'),
  ],
  ['/guides/one.html', page('<h2 id="there">here</h2><a href="../">home</a>')],
]);
const files = new Set([...pages.keys(), '/a.svg']);

test('pages, anchors, pictures and other hosts', () => {
  expect(brokenLinks(pages, files)).toEqual([]);
});

test.each(['/none.html', 'guides/one.html#nowhere', 'b.svg'])('%s leads nowhere', (target) => {
  const more = new Map([...pages, ['/more.html', page(`<a href="${target}">x</a>`)]]);
  expect(brokenLinks(more, files)).toEqual([{ page: '/more.html', target }]);
});
