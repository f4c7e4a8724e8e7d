import { sized, text } from './bytes.ts';

/**
 * A module with a custom section behind all others, which engines keep and make nothing of (WebAssembly Core Specification,
 * section 5.5.3).
 */
export const withCustomSection = (module: Uint8Array, name: string, contents: Uint8Array): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([...module, 0x00, ...sized([...text(name), ...contents])]);
