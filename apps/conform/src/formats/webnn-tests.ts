/**
 * Reads the WebNN tests of web-platform-tests: arrays of `{ name, graph: { inputs, operators, expectedOutputs } }` in
 * `webnn/conformance_tests/*.https.any.js`. The arrays are data, read as JSON5; nothing of the file is run.
 */
import {
  type Activation,
  elementCount,
  elu,
  gelu,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  prelu,
  relu,
  type Shape,
  sigmoid,
  softplus,
  softsign,
  tanh,
} from '@isoact/core';
import JSON5 from 'json5';
import { z } from 'zod';
import { asSet, NoSuchCase, type PeerCase, type PeerCases } from './peer-case.ts';

const tensor = z.object({
  data: z.union([z.number(), z.array(z.number())]),
  shape: z.array(z.number()).optional(),
  descriptor: z.object({
    dataType: z.string(),
    // its lengths may be dynamic; the tensor's own shape tells them then
    shape: z.array(z.unknown()).optional(),
    dimensions: z.array(z.unknown()).optional(),
  }),
});
const test = z.object({
  name: z.string(),
  graph: z.object({
    inputs: z.record(z.string(), tensor),
    operators: z.array(
      z.object({ name: z.string(), arguments: z.array(z.record(z.string(), z.unknown())), outputs: z.unknown() }),
    ),
    expectedOutputs: z.record(z.string(), tensor),
  }),
});
type Test = z.infer<typeof test>;
type Tensor = z.infer<typeof tensor>;

type Options = (name: string, usual: number) => number;

/**
 * Each operation, and the units in the last place that its own tests allow it in float32: `operatorToleranceDict` in
 * web-platform-tests, `webnn/resources/utils.js`.
 */
const operations: Readonly<Record<string, { readonly ulps: number; readonly make: (option: Options) => Activation }>> =
  {
    relu: { ulps: 0, make: () => relu() },
    leakyRelu: { ulps: 1, make: (option) => leakyRelu({ slope: option('alpha', 0.01) }) },
    prelu: { ulps: 1, make: () => prelu() },
    elu: { ulps: 18, make: (option) => elu({ alpha: option('alpha', 1) }) },
    sigmoid: { ulps: 34, make: () => sigmoid() },
    hardSigmoid: {
      ulps: 2,
      make: (option) => {
        if (option('beta', 0.5) !== 0.5) throw new NoSuchCase('hardSigmoid has another beta than 0.5');
        return hardSigmoid({ slope: option('alpha', 0.2) });
      },
    },
    hardSwish: { ulps: 4, make: () => hardSwish() },
    tanh: { ulps: 16, make: () => tanh() },
    softplus: { ulps: 18, make: () => softplus() },
    softsign: { ulps: 3, make: () => softsign() },
    gelu: { ulps: 18, make: () => gelu() },
  };

/** The cases of one file's text. */
export function readWebnnTests(text: string): PeerCases {
  const cases: PeerCase[] = [];
  const skipped: { name: string; reason: string }[] = [];
  for (const { name, source } of testArrays(text)) {
    let found: unknown;
    try {
      found = JSON5.parse(source);
    } catch (error) {
      skipped.push({ name, reason: `the array is no plain data (${error instanceof Error ? error.message : error})` });
      continue;
    }
    for (const [index, entry] of (Array.isArray(found) ? found : []).entries()) {
      const parsed = test.safeParse(entry);
      if (!parsed.success) {
        skipped.push({ name: `${name}[${index}]`, reason: z.prettifyError(parsed.error) });
        continue;
      }
      try {
        cases.push(toCase(parsed.data));
      } catch (error) {
        if (!(error instanceof NoSuchCase)) throw error;
        skipped.push({ name: parsed.data.name, reason: error.message });
      }
    }
  }
  return { cases, skipped };
}

function toCase({ name, graph: { inputs, operators, expectedOutputs } }: Test): PeerCase {
  const [operator, ...others] = operators;
  if (!operator || others.length > 0) throw new NoSuchCase(`a graph of ${operators.length} operators`);
  const operation = Object.hasOwn(operations, operator.name) ? operations[operator.name] : undefined;
  if (!operation) throw new NoSuchCase(`the operation ${operator.name} is no activation of the catalogue`);
  const values = Object.assign({}, ...operator.arguments) as Record<string, unknown>;
  const options = (values.options ?? {}) as Record<string, unknown>;
  const activation = asSet(() =>
    operation.make((option, usual) => {
      const given = options[option];
      return typeof given === 'number' ? Math.fround(given) : usual;
    }),
  );
  const input = tensorNamed(inputs, values.input);
  const slope = operator.name === 'prelu' ? tensorNamed(inputs, values.slope) : null;
  const [output] = Object.values(expectedOutputs);
  if (!output) throw new NoSuchCase('no output is expected');
  const shape = shapeOf(input);
  return {
    name,
    activation,
    shape,
    x: numbersOf(input),
    parameterShapes: slope ? { slope: shapeOf(slope) } : {},
    parameters: slope ? { slope: numbersOf(slope) } : {},
    expected: numbersOf(output),
    tolerance: { kind: 'ulp', ulps: operation.ulps },
  };
}

function tensorNamed(inputs: Readonly<Record<string, Tensor>>, name: unknown): Tensor {
  const found = typeof name === 'string' && Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  if (found) return found;
  throw new NoSuchCase(`an argument must name an input (was ${JSON.stringify(name)})`);
}

function shapeOf({ shape, descriptor }: Tensor): Shape {
  const lengths = shape ?? descriptor.shape ?? descriptor.dimensions ?? [];
  if (lengths.every((length) => typeof length === 'number')) return lengths;
  throw new NoSuchCase('a shape has lengths that are no numbers');
}

/** One number stands for all elements. */
function numbersOf(given: Tensor): Float32Array {
  const { data, descriptor } = given;
  if (descriptor.dataType !== 'float32') throw new NoSuchCase(`a tensor of ${descriptor.dataType}, not of float32`);
  const length = elementCount(shapeOf(given));
  const values = typeof data === 'number' ? new Float32Array(length).fill(data) : Float32Array.from(data);
  if (values.length !== length)
    throw new NoSuchCase(`a tensor of ${length} elements must have as many numbers (had ${values.length})`);
  return values;
}

/** The text of each `const somethingTests = […]`. */
function testArrays(text: string): { readonly name: string; readonly source: string }[] {
  return [...text.matchAll(/const\s+(\w*[tT]ests)\s*=\s*\[/g)].map((match) => {
    const start = match.index + match[0].length - 1;
    return { name: match[1] as string, source: text.slice(start, endOfArray(text, start)) };
  });
}

/** The place behind the bracket that closes the one at `start`; brackets in strings and comments do not count. */
function endOfArray(text: string, start: number): number {
  const tokens = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|[[\]]/g;
  tokens.lastIndex = start;
  let depth = 0;
  for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
    if (token[0] === '[') depth++;
    if (token[0] === ']' && --depth === 0) return tokens.lastIndex;
  }
  return text.length;
}
