/** HTML from templates in which every inserted text is escaped, unless it is markup itself. */

export interface Markup {
  readonly markup: string;
}

type Insert = Markup | string | number | null | readonly Insert[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** `html`<p>${text}</p>``: text is escaped, markup and lists of markup are inserted as they are. */
export const html = (parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup => ({
  markup: parts.map((part, index) => (index === 0 ? part : show(inserts[index - 1] ?? null) + part)).join(''),
});

/** Markup made by a library that escapes for itself. */
export const trusted = (markup: string): Markup => ({ markup });

function show(insert: Insert): string {
  if (insert === null) return '';
  if (typeof insert === 'object') return 'markup' in insert ? insert.markup : insert.map(show).join('');
  return escapeText(String(insert));
}
