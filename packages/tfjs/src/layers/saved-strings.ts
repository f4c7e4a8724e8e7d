/**
 * tfjs-layers turns every string of a saved configuration into snake case and back into camel case, which makes 'b' of 'B'.
 * It spares the value of a key called `name`: a string that would not survive is wrapped into one.
 */

/** Both conversions, as tfjs-layers makes them. */
function afterJourney(text: string): string {
  const spaced = text.replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2').replace(/([a-z])([A-Z])/g, '$1_$2');
  const snake = spaced.toLowerCase();
  if (snake.length <= 1 || !snake.includes('_')) return snake;
  return snake.replace(/_+(\w|$)/g, (_, letter: string) => letter.toUpperCase());
}

/** A configuration whose strings survive saving. */
function protectStrings(value: unknown): unknown {
  if (typeof value === 'string') return afterJourney(value) === value ? value : { name: value };
  if (Array.isArray(value)) return value.map(protectStrings);
  return value;
}

/** The configuration that was protected. */
function restoreStrings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restoreStrings);
  const isWrapped = typeof value === 'object' && value !== null && Object.keys(value).join() === 'name';
  return isWrapped ? (value as { readonly name: unknown }).name : value;
}

const mapValues = (
  record: Readonly<Record<string, unknown>>,
  of: (value: unknown) => unknown,
): Record<string, unknown> => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]));

export const protectSettings = (settings: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  mapValues(settings, protectStrings);
export const restoreSettings = <T extends object>(settings: T): T =>
  mapValues(settings as Readonly<Record<string, unknown>>, restoreStrings) as T; // the same keys, with the types they had
