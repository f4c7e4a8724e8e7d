/** Results kept in this browser, newest first, and files in and out. */
import { parseReport, type Report } from '../core/report.ts';

const key = 'isoact.bench.results';
/** Each is some hundred kilobytes, and a browser keeps about five megabytes. */
const kept = 8;

export function savedResults(): Report[] {
  try {
    const texts: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    if (!Array.isArray(texts)) return [];
    return texts.flatMap((text) => {
      try {
        return [parseReport(String(text), 'a saved result')];
      } catch {
        return [];
      }
    });
  } catch {
    // Storage may be switched off.
    return [];
  }
}

/** Keeps a result, and gives all that are kept. */
export function saveResult(report: Report): Report[] {
  const others = savedResults().filter(({ createdAt }) => createdAt !== report.createdAt);
  const all = [report, ...others].slice(0, kept);
  try {
    localStorage.setItem(key, JSON.stringify(all.map((each) => JSON.stringify(each))));
  } catch {
    // Full or switched off: the result is on the page all the same.
  }
  return all;
}

/** Largest file that is read; a long run's is one megabyte. */
const largestFile = 20e6;

/** @throws RangeError that says what is wrong with the file. */
export async function readResultFile(file: File): Promise<Report> {
  if (file.size > largestFile) {
    throw new RangeError(
      `${file.name} must be at most ${largestFile / 1e6} MB (was ${Math.ceil(file.size / 1e6)} MB).`,
    );
  }
  return parseReport(await file.text(), file.name);
}

export function offerFile(name: string, type: string, contents: string): void {
  const address = URL.createObjectURL(new Blob([contents], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export const labelOf = ({ createdAt, machine, effort }: Report): string =>
  `${createdAt.slice(0, 16).replace('T', ' ')} · ${effort} · ${machine.cpu}`;
