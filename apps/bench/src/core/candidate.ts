/**
 * What the measuring core asks of everything it times, and nothing more: an adapter of ours, a framework's own
 * operators and a planted fault in a test all look like this.
 */
import type { Activation, ActivationBackend, Capabilities, Dtype } from '@isoact/core';
import type { BenchDtype, Elements } from './dtypes.ts';

export type Direction = 'forward' | 'vjp';

/** One question of the benchmark. Every candidate of a case gets the same numbers. */
export interface BenchCase {
  readonly activation: Activation;
  /** In rows and tables: the activation's name, and its extent where that is not its own. Peers know plain names. */
  readonly name: string;
  readonly direction: Direction;
  readonly shape: readonly number[];
  readonly dtype: BenchDtype;
  /** Where y has several parts, the axis along which they lie. */
  readonly channelAxis?: number;
}

export interface DeviceSummary {
  /** Candidates are ranked, and their roof measured, among devices of one kind. */
  readonly kind: 'cpu' | 'gpu';
  readonly description: string;
  /** Whether a processor only pretends to be this device. */
  readonly software: boolean;
}

/** Elements in the case's data type. */
export interface CaseInputs {
  readonly x: Elements;
  /** Read by a vjp only. */
  readonly upstream: Elements;
}

/**
 * What the timed calls computed: y of a forward, x's gradient and the parameters' of a vjp. Elements are in the case's data
 * type, float16 as bits; gradients of parameters may be numbers that are not rounded to it yet.
 */
export interface CaseOutputs {
  readonly primary: ArrayLike<number>;
  readonly parameters: Readonly<Record<string, ArrayLike<number>>>;
}

/**
 * How data reaches a candidate. `native`: it stays where the backend's users keep it, and a call moves nothing else.
 * `host arrays`: each call takes and returns JavaScript arrays, upload and readback included.
 */
export type Door = 'native' | 'host arrays';

/** What one call costs by design, before any clock is looked at. */
export interface Cost {
  /** Bytes of memory that one call reads and writes, or null where the runtime does not tell. */
  readonly bytes: number | null;
  /** Walks over the data, null where the runtime does not tell. */
  readonly passes: number | null;
  /** Kernels started on a device, where it has any. */
  readonly dispatches?: number;
}

/** A compiled candidate, ready for data. */
export interface Candidate {
  readonly door: Door;
  readonly cost: Cost;
  /**
   * Puts the inputs where the candidate's users have theirs. May be called again with other inputs.
   * @param sets how many copies of all buffers the calls take in turn, where the candidate `rotates`; 1 unless given.
   */
  prepare(inputs: CaseInputs, sets?: number): Promise<void>;
  /** Whether `prepare` heeds `sets`; without it there is no cold lane. */
  readonly rotates?: boolean;
  /** The device's own clock, where the calls can be put between two of its timestamps. */
  readonly stamps?: Stamps;
  /** Makes this candidate's runtime the current one, where a process has one at a time. Not timed. */
  enter?(): Promise<void>;
  /** Runs `count` calls on the prepared data and resolves when the device has proven that the last one is done. */
  call(count: number): Promise<void>;
  /** What the last call computed. */
  readOutputs(): Promise<CaseOutputs>;
  /** Where the last call left its output, as far as the runtime proves it; a fallback to the CPU shows here. */
  ranOn?(): DeviceSummary['kind'];
  /** In what data type the last call left its output, as far as the runtime proves it; wider arithmetic shows in `cost`. */
  stores?(): string;
  /** Errors that the device reported without throwing; any of them voids the candidate. */
  errors?(): readonly string[];
  dispose(): Promise<void>;
}

interface Stamps {
  /** The measured step of the timestamps. */
  readonly quantumNs: number;
  /** Nanoseconds between a timestamp before and one after so many calls; on some drivers zero or negative. */
  time(count: number): Promise<number>;
}

/** What a subject says of itself; the suite probes it elsewhere, the gate takes its word. */
export type Claims = Pick<Capabilities, 'nan' | 'signedZero' | 'subnormals' | 'sumDepth'>;

/** A subject before it is compiled for a case. */
export interface Contender {
  /** 'webgpu', 'tfjs-wasm composed', … */
  readonly subject: string;
  readonly kind: 'ours' | 'peer';
  readonly device: DeviceSummary;
  /** What it owes: generated kernels B, composed graphs and peers D (conformance.md). */
  readonly grade: 'B' | 'D';
  /** What its backend says of NaN, subnormals and the depth of its sums; nothing for a peer. */
  readonly claims?: Claims;
  /** The data types that it has on this machine; a case of another gets a row that says so. */
  readonly dtypes: readonly Dtype[];
  /** Its adapter, for the conformance suite; a peer has none. */
  readonly backend?: ActivationBackend;
  /** Whether this subject has the activation at all; one that does not is left out without a row. */
  offers(question: BenchCase): boolean;
  /** @throws where the subject cannot do the case; the message becomes the row's reason. */
  open(question: BenchCase): Promise<Candidate>;
}

/** A copy of the same bytes on one device: the sentinel of each round, and the roof. */
export interface CopyContender {
  readonly device: DeviceSummary;
  /** A copy of as many bytes as reading and writing `length` elements of a data type moves. */
  open(length: number, dtype: BenchDtype): Promise<Candidate>;
}

/** The most arithmetic that a device does: beside the copy, the other bound of any kernel. */
export interface ArithmeticPeak {
  readonly device: DeviceSummary;
  /** Several measurements of float32 multiply-adds per second. */
  measure(): Promise<readonly number[]>;
}

/** What one backend's file found on this machine. */
export interface Found {
  readonly contenders: readonly Contender[];
  readonly copies: readonly CopyContender[];
  readonly peaks?: readonly ArithmeticPeak[];
  /** Backends that this file looked for and did not find. */
  readonly missing: readonly Missing[];
  /** Why the GPU is gone, or null while it is there. */
  readonly lost?: () => string | null;
  close(): Promise<void>;
}

export interface Missing {
  readonly subject: string;
  readonly reason: string;
}
