/** The command line. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { catalogue } from '@isoact/core';
import { type GroupName, grades, groupNames, type OwedGrade } from '@isoact/core/conformance';

export const usage = `Usage: pnpm conform [options]

Checks every backend of this machine, those of its browser and frameworks' own functions (builtin:…) among them, against
the float64 reference, activation by activation.

  --backend NAME      only these, with commas between; * matches any characters (webgpu, browser:*, builtin:tfjs-cpu:relu)
  --activation NAME   only these activations; may be repeated
  --group NAME        only these groups of cases; may be repeated
                      (${groupNames.join(', ')})
  --owed GRADE        what every value owes: exact, A, B or D (default B)
  --quick             fewer points and shapes; alone, a backend of Node and of the browser is asked about each activation
                      in one of them, and frameworks' own functions are not asked
  --huge              tensors of 2^24 elements too
  --seed N            another choice of data
  --time-limit MS     for each compile and each call (default 20000)
  --jobs N            backends at a time, each in a process or page of its own (default: processors + 1)
  --mutants           check the suite itself: every deliberately wrong backend must be caught; with --backend, those too
  --frameworks FILE   write the page "what your framework returns", of the functions that frameworks themselves have
  --onnx-tests FOLDER run ONNX's backend tests (folders with model.onnx and test_data_set_*) through our backends
  --webnn-tests PATH  run the WebNN tests of web-platform-tests (*.https.any.js) through our backends
  --exhaustive        every one of the 2^32 float32 values; goes on where an earlier run stopped
  --json FILE         write the reports as JSON
  --markdown FILE     write the reports as Markdown
  --help              show this

Exits with 1 when a backend fails, with 2 when the command line is wrong. Backends that this machine lacks are listed.
`;

export interface Arguments {
  readonly backends: readonly string[];
  readonly activations: readonly string[] | undefined;
  readonly groups: readonly GroupName[] | undefined;
  readonly owed: OwedGrade | undefined;
  readonly quick: boolean;
  /** A quick run that names neither: hosts share the activations. */
  readonly byTurns: boolean;
  readonly huge: boolean;
  readonly seed: number | undefined;
  readonly timeLimit: number | undefined;
  readonly jobs: number;
  readonly mutants: boolean;
  readonly frameworks: string | undefined;
  readonly onnxTests: readonly string[];
  readonly webnnTests: readonly string[];
  readonly exhaustive: boolean;
  readonly json: string | undefined;
  readonly markdown: string | undefined;
  readonly help: boolean;
}

/** @throws Error with a message for the user. */
export function parseArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      backend: { type: 'string', multiple: true },
      activation: { type: 'string', multiple: true },
      group: { type: 'string', multiple: true },
      owed: { type: 'string' },
      quick: { type: 'boolean', default: false },
      huge: { type: 'boolean', default: false },
      seed: { type: 'string' },
      'time-limit': { type: 'string' },
      jobs: { type: 'string' },
      mutants: { type: 'boolean', default: false },
      frameworks: { type: 'string' },
      'onnx-tests': { type: 'string', multiple: true },
      'webnn-tests': { type: 'string', multiple: true },
      exhaustive: { type: 'boolean', default: false },
      json: { type: 'string' },
      markdown: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const owedGrades = grades.filter((grade): grade is OwedGrade => grade !== 'fail');
  return {
    backends: (values.backend ?? []).flatMap((each) => each.split(',')),
    activations: values.activation?.map((name) => oneOf('--activation', name, Object.keys(catalogue))),
    groups: values.group?.map((name) => oneOf('--group', name, groupNames)),
    owed: values.owed === undefined ? undefined : oneOf('--owed', values.owed, owedGrades),
    quick: values.quick,
    byTurns: values.quick && values.backend === undefined && values.activation === undefined,
    huge: values.huge,
    seed: wholeNumber('--seed', values.seed),
    timeLimit: wholeNumber('--time-limit', values['time-limit']),
    jobs: wholeNumber('--jobs', values.jobs) ?? availableParallelism() + 1,
    mutants: values.mutants,
    frameworks: values.frameworks,
    onnxTests: values['onnx-tests'] ?? [],
    webnnTests: values['webnn-tests'] ?? [],
    exhaustive: values.exhaustive,
    json: values.json,
    markdown: values.markdown,
    help: values.help,
  };
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined)
    throw new RangeError(`${option} must be one of ${allowed.join(', ')} (was ${JSON.stringify(value)}).`);
  return found;
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new RangeError(`${option} must be a whole number (was ${JSON.stringify(text)}).`);
  }
  return value;
}
