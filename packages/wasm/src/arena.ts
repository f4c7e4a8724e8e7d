/** Memory that kernels on host arrays work in: what a call puts there is of no use after it, so all calls share it. */
import { DeviceError, refuse, UnsupportedError } from '@isoact/core';

const pageBytes = 65_536;

export class Arena {
  readonly memory: WebAssembly.Memory;
  private view: Float32Array;

  constructor(memory = new WebAssembly.Memory({ initial: 1 })) {
    this.memory = memory;
    this.view = new Float32Array(memory.buffer);
  }

  /** The memory as numbers, valid until it grows. */
  get floats(): Float32Array {
    if (this.view.buffer !== this.memory.buffer) this.view = new Float32Array(this.memory.buffer);
    return this.view;
  }

  /** Grows until there are so many bytes. */
  reserve(bytes: number): void {
    const missing = bytes - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.memory.grow(Math.ceil(missing / pageBytes));
    } catch {
      // beyond what 32-bit addresses reach, no machine has it
      const Refusal = bytes > 2 ** 32 ? UnsupportedError : DeviceError;
      refuse(Refusal, 'WebAssembly', `given memory of ${bytes} bytes`, 'refused', 'Use a smaller tensor.');
    }
  }
}

/** Hands out places one after another, each on a boundary of vectors. */
export class Places {
  /** The end of what has been handed out. */
  bytes = 0;

  take(bytes: number): number {
    const start = this.bytes;
    this.bytes += Math.ceil(bytes / 16) * 16;
    return start;
  }
}
