import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTeller } from './telling.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('every case is counted, few are told of one by one, and the last of a pause is', () => {
  const told: [string, number][] = [];
  const teller = createTeller((id, begun) => told.push([id, begun]));
  teller.begin('first');
  expect(told).toEqual([['first', 1]]);
  teller.begin('second');
  teller.begin('third');
  expect(told).toHaveLength(1);
  vi.advanceTimersByTime(200);
  expect(told[1]).toEqual(['third', 2]);
  for (let k = 0; k < 1000; k++) {
    teller.begin(`case ${k}`);
    vi.advanceTimersByTime(1);
  }
  teller.end();
  expect(told.length).toBeLessThan(10);
  expect(told.at(-1)?.[0]).toBe('case 999');
  expect(told.reduce((sum, [, begun]) => sum + begun, 0)).toBe(1003);
  teller.end();
  expect(told.at(-1)?.[1]).toBeGreaterThan(0);
});
