/** Numbers as people read them: three significant digits and a unit. */

export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value >= 1e3) return `${digits(value / 1e3)} s`;
  if (value >= 1) return `${digits(value)} ms`;
  if (value >= 1e-3) return `${digits(value * 1e3)} µs`;
  return `${digits(value * 1e6)} ns`;
}

/** Elements per second, as 1.23 G/s. */
export function rate(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  const [scale, prefix] = value >= 1e9 ? [1e9, 'G'] : value >= 1e6 ? [1e6, 'M'] : [1e3, 'k'];
  return `${digits(value / scale)} ${prefix}/s`;
}

export function share(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value < 1e-3) return '<0.1 %';
  return value >= 0.1 ? `${Math.round(value * 100)} %` : `${digits(value * 100, 2)} %`;
}

/** The question of a row or a case; float32 goes without saying. */
export const questionText = (activation: string, direction: string, dtype: string): string =>
  [activation, direction, ...(dtype === 'float32' ? [] : [dtype])].join(' ');

/** What remains of a run's time, for a person who waits. */
export const timeLeftText = (leftMs: number): string =>
  leftMs > 0 ? `about ${Math.ceil(leftMs / 1e3)} s left` : 'over its time, fewest samples';

export const shapeText = (shape: readonly number[]): string => shape.join('×') || 'scalar';

/** Fixed notation with `count` significant digits. */
export function digits(value: number, count = 3): string {
  if (value === 0) return '0';
  const places = Math.max(0, Math.min(20, count - 1 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toFixed(places);
}
