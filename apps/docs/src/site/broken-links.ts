/** Links between pages that are at hand as text. */
import { parseHTML } from 'linkedom';

export interface BrokenLink {
  readonly page: string;
  readonly target: string;
}

/** @param pages HTML by path, such as `/guides/index.html`. @param files every path that is served. */
export function brokenLinks(pages: ReadonlyMap<string, string>, files: ReadonlySet<string>): readonly BrokenLink[] {
  const documents = new Map([...pages].map(([path, html]) => [path, parseHTML(html).document]));
  const anchors = new Map(
    [...documents].map(([path, document]) => [
      path,
      new Set([...document.querySelectorAll('[id], a[name]')].map((each) => each.id || each.getAttribute('name'))),
    ]),
  );
  const broken: BrokenLink[] = [];
  for (const [page, document] of documents) {
    for (const each of document.querySelectorAll('a[href], img[src], link[href], script[src]')) {
      const target = each.getAttribute('href') ?? each.getAttribute('src') ?? '';
      const url = new URL(target, `http://site${page}`);
      if (url.host !== 'site' || url.protocol !== 'http:') continue;
      const path = decodeURI(url.pathname);
      const file = [path, `${path}index.html`, `${path}.html`].find((candidate) => files.has(candidate));
      const anchor = decodeURIComponent(url.hash.slice(1));
      if (!file || (anchor && pages.has(file) && !anchors.get(file)?.has(anchor))) broken.push({ page, target });
    }
  }
  return broken;
}
