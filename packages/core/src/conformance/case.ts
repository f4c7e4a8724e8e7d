/** A case: one call of a backend, or a few, that must give the oracle's answers or obey a law. */
import type { Capabilities, Data, GivenState, TensorSpec } from '../adapter.ts';
import type { Activation } from '../definition.ts';
import type { Format } from './formats.ts';
import type { Direction } from './oracle/oracle.ts';
import type { Random } from './random.ts';
import type { OwedGrade } from './tolerance.ts';

export const groupNames = [
  'lattice',
  'breakpoints',
  'overflow',
  'cancellation',
  'tails',
  'sweep',
  'layout',
  'statistics',
  'parameters',
  'gradients',
  'laws',
  'integrity',
] as const;
export type GroupName = (typeof groupNames)[number];

export interface CallData {
  readonly x: Data;
  readonly upstream?: { readonly y: Data; readonly penalty?: number | undefined } | undefined;
  readonly parameters?: Readonly<Record<string, Data>> | undefined;
  readonly state?: GivenState | undefined;
}

/** A call whose elements belong to several cases. */
export interface SharedCall {
  readonly direction: Direction;
  readonly activation: Activation;
  readonly spec: TensorSpec;
  readonly data: CallData;
  /** What the call gave, once it was made. */
  result?: Promise<CallResult>;
}

/** What a call gave, by name: y, penalty and the states of a forward; x and the parameters of a vjp. */
export type CallResult = Readonly<Record<string, Data>>;

/** A case's hold on the backend. Every call is compared with the oracle, value by value. */
export interface Probe {
  readonly format: Format;
  readonly random: Random;
  readonly supports: Capabilities;
  readonly owed: OwedGrade;
  /** Whether infinite elements and NaN owe nothing. */
  readonly finite: boolean;
  /** Makes a call and compares what came. Null where the backend gave nothing that could be compared. */
  call(
    direction: Direction,
    activation: Activation,
    spec: TensorSpec,
    data: CallData,
    /** Judges about so many elements of a tensor that is too large to judge them all. */
    sample?: number,
  ): Promise<CallResult | null>;
  /**
   * Judges some elements of a call that several cases share: y or the gradient of x, and no sums. The first of these
   * cases makes it.
   */
  callShared(call: SharedCall, elements: Uint32Array): Promise<void>;
  /** Several calls of one compiled activation, under way at the same time. */
  callTogether(
    direction: Direction,
    activation: Activation,
    spec: TensorSpec,
    data: readonly CallData[],
  ): Promise<readonly (CallResult | null)[]>;
  /** Something must be refused with an error of this class's name, and not with another. */
  mustRefuse(what: string, error: string, attempt: (compile: CompileAgain) => Promise<unknown>): Promise<void>;
  fail(reason: string): void;
}
export type CompileAgain = (
  activation: Activation,
  spec: TensorSpec,
) => Promise<import('../adapter.ts').CompiledActivation>;

export interface Case {
  /** activation/group/direction/name */
  readonly id: string;
  readonly activation: string;
  readonly group: GroupName;
  readonly direction: Direction;
  readonly run: (probe: Probe) => Promise<void>;
}

/** What the groups make cases from. */
export interface CaseContext {
  readonly name: string;
  /** With the settings of the definition's defaults. */
  readonly activation: Activation;
  readonly variants: readonly Variant[];
  readonly direction: Direction;
  readonly format: Format;
  readonly seed: number;
  readonly quick: boolean;
  /** Cases with many millions of elements, which run on request only. */
  readonly huge: boolean;
}

/** The activation with other settings. */
export interface Variant {
  readonly label: string;
  readonly activation: Activation;
}

export type CaseGroup = (context: CaseContext) => Iterable<{ readonly name: string; readonly run: Case['run'] }>;
