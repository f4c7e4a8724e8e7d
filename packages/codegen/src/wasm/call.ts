/** What a generated function is called with. */
import { refuse, type Seed, type Shape } from '@isoact/core';
import { lengthOf, scratchBytes, type WasmArgument } from './arguments.ts';

/**
 * Where the tensors of one call lie: byte offsets into the memory, each a multiple of 4. A record that was given to the call
 * before, too, is not read again: one with other numbers must be another object.
 */
export interface WasmArguments {
  readonly inputs: Readonly<Record<string, number>>;
  /** The number itself for a parameter with one value, a byte offset for one with an array. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly state?: Readonly<Record<string, number>> | undefined;
  /** The two words that noise is drawn by, where there is any. */
  readonly seed?: Seed | undefined;
  readonly outputs: Readonly<Record<string, number>>;
  readonly scalars: Readonly<Record<string, number>>;
  /** Memory of `scratchBytes`, on a multiple of 16; none is read where that is 0. */
  readonly scratch?: number | undefined;
}

/** What a call of a generated function takes. */
export interface WasmCall {
  /** Bytes that a call works in beside its tensors. */
  readonly scratchBytes: number;
  /** The arguments of a call, in order. The array is the same at each call. */
  readonly values: (call: WasmArguments) => readonly number[];
}

/** What a function of these arguments is called with for tensors of a shape. */
export function wasmCallOf(wasmArguments: readonly WasmArgument[], shape: Shape): WasmCall {
  let size = 0;
  const values = wasmArguments.map((argument) => (argument.kind === 'length' ? lengthOf(argument.axes, shape) : 0));
  const parts = sources.map((source) => ({
    source,
    last: null as unknown,
    // those without a name are of kinds that no source begins with
    places: (wasmArguments as readonly Named[]).flatMap((argument, index) => {
      if (!source.startsWith(argument.kind)) return [];
      const offset = size;
      if (argument.kind === 'scratch') size += scratchBytes(argument, shape);
      return { index, name: argument.name, offset };
    }),
  }));
  return {
    scratchBytes: size,
    values: (call) => {
      for (const part of parts) {
        const { source, last, places } = part;
        const given = call[source] as number | Readonly<Record<string, number>> | undefined;
        // whoever draws seeds may draw them into one array
        if (given === last && source !== 'seed') continue;
        for (const { index, name, offset } of places) {
          values[index] =
            source === 'scratch'
              ? ((given ?? 0) as number) + offset
              : ((given as Readonly<Record<string, number>>)?.[name] ??
                refuse(TypeError, `${source} "${name}" of a kernel`, 'given', undefined));
        }
        part.last = given;
      }
      return values;
    },
  };
}

type Named = Extract<WasmArgument, { readonly name: unknown }>;

/** The parts of a call, each named after the kind of the arguments that are read from it. */
const sources = ['inputs', 'outputs', 'parameters', 'state', 'scalars', 'seed', 'scratch'] as const;
