/** What each activation costs and how exact it is, measured: from its plan, and from generated float32 code that runs. */
import { type ActivationBackend, catalogue, type Direction, type TensorSpec } from '@isoact/core';
import { type Grade, type ReportedNumber, runConformance } from '@isoact/core/conformance';
import { countOperations, float32Library } from '@isoact/core/numerics';
import { gpuTarget, plan } from '@isoact/core/plan';
import { operationsPerElement } from './count.ts';

/** Rows that fit a workgroup, with a channel axis for those activations that need one. */
const spec: TensorSpec = { shape: [64, 1024], dtype: 'float32', channelAxis: 1 };

export interface Cost {
  readonly activation: string;
  readonly direction: Direction;
  /** Readings of memory on a GPU. */
  readonly passes: number;
  /** Read and written for each element of x. */
  readonly bytes: number;
  /** For each element of x, as executed by the WebAssembly kernel. */
  readonly operations: number;
  /** The largest error over the sweep, in ulps of the true value, by the WebAssembly kernel. */
  readonly ulp: ReportedNumber;
  /** The largest part of grade B's tolerance that any value used. */
  readonly share: ReportedNumber;
  /** The grade that all values of the sweep meet. */
  readonly grade: Grade | null;
}

/** Each activation with its default settings; `backend` runs the float32 code whose error is measured. */
export async function measureCosts(backend: ActivationBackend, progress: (name: string) => void): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (const [name, definition] of Object.entries(catalogue)) {
    progress(name);
    const activation = definition();
    const { results } = await runConformance(backend, { activations: [activation], groups: ['sweep'] });
    for (const direction of ['forward', 'vjp'] as const) {
      const planned = plan(activation, spec, direction, gpuTarget);
      const result = results.find((each) => each.direction === direction && each.dtype === 'float32');
      costs.push({
        activation: name,
        direction,
        passes: planned.passes.length,
        bytes: (planned.valuesRead + planned.valuesWritten) * Float32Array.BYTES_PER_ELEMENT,
        operations: operationsPerElement(activation, spec, direction),
        ulp: result?.maxUlp ?? 'Infinity',
        share: result?.share ?? 'Infinity',
        grade: result?.grade ?? null,
      });
    }
  }
  return costs;
}

/** To two digits. */
const digits = (value: ReportedNumber): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(2))) : '∞';

const headings = ['activation', 'direction', 'passes', 'bytes', 'operations', 'worst ulp', 'of B', 'grade'];

/** For a terminal of 80 columns. */
export function costText(costs: readonly Cost[]): string {
  const row = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index < 2 ? cell.padEnd(12) : cell.padStart(index === 4 || index === 5 ? 11 : 8)))
      .join('')
      .trimEnd();
  return `${[row(headings), ...costs.map((cost) => row(cellsOf(cost)))].join('\n')}\n`;
}

const cellsOf = ({ activation, direction, passes, bytes, operations, ulp, share, grade }: Cost): string[] => [
  activation,
  direction,
  String(passes),
  String(bytes),
  String(Math.round(operations)),
  digits(ulp),
  digits(share),
  grade ?? '-',
];

/** A Markdown table as the formatter writes it: columns of even width, those from `firstNumber` to `lastNumber` on the right. */
function table(rows: readonly (readonly string[])[], firstNumber: number, lastNumber: number): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const isNumber = (column: number): boolean => column >= firstNumber && column <= lastNumber;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const aligned = (cells: readonly string[]): string =>
    line(cells.map((cell, column) => cell[isNumber(column) ? 'padStart' : 'padEnd'](widths[column] ?? 0)));
  const rule = widths.map((width, column) => (isNumber(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [aligned(head), line(rule), ...body.map(aligned)].join('\n');
}

/** The page of costs. */
export function costsPage(costs: readonly Cost[]): string {
  const functions = Object.entries(float32Library).map(([name, body]) => {
    const { total, divisions, squareRoots, scalings } = countOperations(body);
    return [`\`${name}\``, total, divisions, squareRoots, scalings].map(String);
  });
  return `# What each activation costs, and how exact it is

Measured, with default settings, over rows of 1024 elements: passes over memory on a GPU and bytes for each element of x
by the plan that kernels are built to; operations for each element of x, counted while the generated WebAssembly runs over
normally distributed elements, where an instruction on a vector is one operation for each of its lanes, and addresses, loads
and stores are none; the largest error of that code over a sweep of all float32 magnitudes, and the grade that every value
of the sweep met. Counted and graded is the code without relaxed SIMD, whose bits are the same on every processor. An ulp is one of the true value: where a function falls off steeply, as gelu
does below -5, the rounding of its argument alone costs many, and near a zero of a gradient its ulp is as small as one
likes. Grade B's tolerance allows for both and no more; _of B_ is the largest part of it that any value used.

This page is written by \`pnpm --filter @isoact/docs write\`; \`pnpm costs\` prints the table, \`pnpm costs --json\` as JSON.

${table([headings, ...costs.map(cellsOf)], 2, 6)}

## Functions of the float32 library

Operations of each body for any argument, and how many of them are the dear ones. A kernel that knows the range of its
argument takes a shorter form.

${table([['function', 'operations', 'divisions', 'square roots', 'powers of two'], ...functions], 1, 4)}
`;
}
