/** Deliberately wrong backends: the suite must catch every one of them, or it proves nothing. */
import type {
  ActivationBackend,
  CompiledActivation,
  Data,
  ForwardResult,
  TensorSpec,
  VjpResult,
} from '../../adapter.ts';
import type { Activation } from '../../definition.ts';
import { createReferenceBackend } from '../../reference/backend.ts';
import type { GroupName } from '../case.ts';

export interface Mutant {
  readonly name: string;
  /** What is wrong with it, and who does it so. */
  readonly about: string;
  /** The activation that it is wrong about. */
  readonly activation: string;
  /** The group of cases that must find it. */
  readonly killedBy: GroupName;
  /** Found by cases that a quick run leaves out. */
  readonly full?: boolean;
  readonly create: () => ActivationBackend;
}

/** A correct backend, part of which is replaced. */
export function wrapped(
  name: string,
  change: (compiled: CompiledActivation, activation: Activation, spec: TensorSpec) => Partial<CompiledActivation>,
  more: Partial<ActivationBackend> = {},
): ActivationBackend {
  const inner = createReferenceBackend();
  return {
    ...inner,
    name: `mutant: ${name}`,
    compile: async (activation, spec) => {
      const compiled = await inner.compile(activation, spec);
      return { ...compiled, ...change(compiled, activation, spec) };
    },
    ...more,
  };
}

/** The elementwise forward replaced by a function of one float32 number. */
export const withForward = (name: string, activation: string, f: (x: number) => number): ActivationBackend =>
  wrapped(name, (compiled, { name: compiledName }) =>
    compiledName === activation
      ? { forward: async (inputs) => ({ ...(await compiled.forward(inputs)), y: inputs.x.map(f) as Data }) }
      : {},
  );

/** The elementwise gradient replaced by a function of one float32 number, times upstream. */
export const withSlope = (name: string, activation: string, slope: (x: number) => number): ActivationBackend =>
  wrapped(name, (compiled, { name: compiledName }) =>
    compiledName === activation
      ? {
          vjp: async (inputs) => ({
            ...(await compiled.vjp(inputs)),
            x: inputs.x.map((x, index) => slope(x) * (inputs.upstream.y[index] as number)) as Data,
          }),
        }
      : {},
  );

/** What a correct forward or vjp gives, changed afterwards. */
export const withResult = (
  name: string,
  change: {
    readonly forward?: (result: ForwardResult, spec: TensorSpec, x: Data) => ForwardResult;
    readonly vjp?: (result: VjpResult, spec: TensorSpec, x: Data, upstream: Data) => VjpResult;
  },
): ActivationBackend =>
  wrapped(name, (compiled, _, spec) => ({
    ...(change.forward && {
      forward: async (inputs) => change.forward?.(await compiled.forward(inputs), spec, inputs.x) as ForwardResult,
    }),
    ...(change.vjp && {
      vjp: async (inputs) => change.vjp?.(await compiled.vjp(inputs), spec, inputs.x, inputs.upstream.y) as VjpResult,
    }),
  }));

/** Another graph computed correctly in the place of the activation's own. */
export const withGraph = (
  name: string,
  activation: string,
  change: (activation: Activation) => Partial<Pick<Activation, 'forward' | 'vjp'>>,
): ActivationBackend => {
  const inner = createReferenceBackend();
  return {
    ...inner,
    name: `mutant: ${name}`,
    compile: (given, spec) => inner.compile(given.name === activation ? { ...given, ...change(given) } : given, spec),
  };
};
