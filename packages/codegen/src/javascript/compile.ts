/** Generated JavaScript, compiled and cached by its text. */
import { mustBe, noiseAt, type Plan } from '@isoact/core';
import { float64Functions } from '@isoact/core/plan';
import { CodeGenerationError } from '../code-generation-error.ts';
import { varianceOf } from './gather.ts';
import { generateJavaScript } from './generate.ts';

type Numbers = ArrayLike<number>;
type WritableNumbers = { [index: number]: number };

/** The tensors of one call, flat; parameters, state and scalars hold one number per group. */
export interface JavaScriptArguments {
  readonly inputs: Readonly<Record<string, Numbers>>;
  readonly parameters: Readonly<Record<string, Numbers>>;
  /** With the `seed` of noise where there is any. */
  readonly state?: Readonly<Record<string, Numbers>> | undefined;
  readonly outputs: Readonly<Record<string, WritableNumbers>>;
  readonly scalars: Readonly<Record<string, WritableNumbers>>;
}

export type JavaScriptKernel = (call: JavaScriptArguments) => void;

type Compiled = (
  inputs: JavaScriptArguments['inputs'],
  parameters: JavaScriptArguments['parameters'],
  state: JavaScriptArguments['state'],
  outputs: JavaScriptArguments['outputs'],
  scalars: JavaScriptArguments['scalars'],
  sizes: readonly number[],
  functions: typeof float64Functions,
  variance: typeof varianceOf,
  noise: typeof noiseAt,
) => void;

const compiled = new Map<string, Compiled>();

/**
 * The kernel of a plan made for `sequentialTarget`.
 *
 * @throws CodeGenerationError where a Content-Security-Policy forbids generated code.
 */
export function compileJavaScript(plan: Plan): JavaScriptKernel {
  const { body, sizes } = generateJavaScript(plan);
  let run = compiled.get(body);
  if (!run) {
    run = build(body);
    compiled.set(body, run);
  }
  const kernel = run;
  return ({ inputs, parameters, state, outputs, scalars }) =>
    kernel(inputs, parameters, state, outputs, scalars, sizes, float64Functions, varianceOf, noiseAt);
}

function build(body: string): Compiled {
  try {
    return new Function(
      'inputs',
      'parameters',
      'state',
      'outputs',
      'scalars',
      'sizes',
      'functions',
      'varianceOf',
      'noiseAt',
      body,
    ) as Compiled; // its parameters are those of Compiled, by the names that the generator writes
  } catch (cause) {
    if (!(cause instanceof EvalError)) throw cause;
    const message = mustBe(
      'generated JavaScript',
      'allowed by the Content-Security-Policy',
      "refused without 'unsafe-eval'",
      'Use the reference backend of @isoact/core there.',
    );
    throw new CodeGenerationError(message, { cause });
  }
}
