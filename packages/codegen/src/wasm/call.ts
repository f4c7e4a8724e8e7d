/** What a generated function is called with. */
import { refuse, type Seed, type Shape } from '@isoact/core';
import { lengthOf, scratchBytes, type WasmArgument } from './arguments.ts';

/** Where the tensors of one call lie: byte offsets into the memory, each a multiple of 4. */
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
  const readers = wasmArguments.map((argument): Reader => {
    switch (argument.kind) {
      case 'length': {
        const length = lengthOf(argument.axes, shape);
        return () => length;
      }
      case 'start':
        return () => 0;
      case 'seed':
        return readerOf('seed', argument.word);
      case 'scratch': {
        const offset = size;
        size += scratchBytes(argument, shape);
        return ({ scratch = 0 }) => scratch + offset;
      }
      default:
        return readerOf(sources[argument.kind], argument.name);
    }
  });
  const values = readers.map(() => 0);
  return {
    scratchBytes: size,
    values: (call) => {
      for (let index = 0; index < values.length; index++) values[index] = (readers[index] as Reader)(call);
      return values;
    },
  };
}

/** What an argument is, from what a call brings. */
type Reader = (call: WasmArguments) => number;

const sources = {
  input: 'inputs',
  output: 'outputs',
  parameter: 'parameters',
  state: 'state',
  scalar: 'scalars',
} as const;

function readerOf(source: (typeof sources)[keyof typeof sources] | 'seed', name: string | number): Reader {
  return (call) => {
    const values = call[source] as Readonly<Record<string, number>> | undefined; // a seed is two words by their numbers
    return values?.[name] ?? refuse(TypeError, `${source} "${name}" of a kernel`, 'given', undefined);
  };
}
