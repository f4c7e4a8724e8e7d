/**
 * A function of one element: what differs between elements are its parameters, and what a kernel computes once for many
 * of them is handed to it. Kernels call it for each of the elements that an invocation has.
 */
import type { KernelBuilder } from './builder.ts';
import { indent } from './kernel.ts';

export interface Field {
  readonly name: string;
  readonly type: 'f32' | 'u32';
  readonly value: string;
}

export interface ElementFunction {
  readonly name: string;
  /** The names of its results: one, or the fields of a structure. */
  readonly fields: readonly Field[];
  /** The names of its parameters, in order. */
  readonly parameters: readonly string[];
  /** Text of the function, and of its structure. */
  readonly text: readonly string[];
}

/**
 * Closes a function whose statements are written: `locals` are names of its element, and whatever else it uses of the
 * names that `main` declares becomes a parameter.
 */
export function closeFunction(
  name: string,
  lines: readonly string[],
  fields: readonly Field[],
  locals: readonly string[],
  main: readonly string[],
  builder: KernelBuilder,
): ElementFunction {
  const used = wordsOf([...lines, ...fields.map(({ value }) => value)]);
  const shared = declaredIn(main).filter((name) => used.has(name) && !locals.includes(name));
  const own = ['index', ...locals].filter((name) => used.has(name));
  const parameters = [...own, ...shared];
  const typed = parameters.map((name) => `${name}: ${name === 'index' ? 'u32' : (builder.types.get(name) ?? 'f32')}`);
  const [only] = fields;
  if (only && fields.length === 1) {
    const body = [...lines, `return ${only.type === 'u32' ? `u32(${only.value})` : only.value};`];
    return {
      name,
      fields,
      parameters,
      text: [`fn ${name}(${typed.join(', ')}) -> ${only.type} {`, ...indent(body), '}'],
    };
  }
  const structure = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const values = fields.map(({ type, value }) => (type === 'u32' ? `u32(${value})` : value));
  return {
    name,
    fields,
    parameters,
    text: [
      `struct ${structure} {`,
      ...fields.map((field) => `  ${field.name}: ${field.type},`),
      '}',
      '',
      `fn ${name}(${typed.join(', ')}) -> ${structure} {`,
      ...indent([...lines, `return ${structure}(${values.join(', ')});`]),
      '}',
    ],
  };
}

const wordsOf = (lines: readonly string[]): ReadonlySet<string> => new Set(lines.join('\n').match(/\b[A-Za-z_]\w*/g));

/** The names that statements declare, in order. */
const declaredIn = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => line.match(/^(?:let|var) (\w+)\b/)?.[1] ?? []);
