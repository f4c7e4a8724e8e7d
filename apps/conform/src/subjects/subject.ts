/** What can be tested: a group is one backend, ours or a framework's own functions, and its subjects. */
import type { Activation, ActivationBackend } from '@isoact/core';
import type { ExpectedFailure, OwedGrade } from '@isoact/core/conformance';

export type Host = 'node' | 'browser';

export interface GroupName {
  readonly name: string;
  readonly host: Host;
  /** Whether its subjects are functions of frameworks, one activation each, and not ours. */
  readonly builtins: readonly string[] | null;
}

export interface LoadedGroup {
  readonly backend: ActivationBackend;
  readonly expected: readonly ExpectedFailure[];
  /** What its values owe, and to which inputs, where that is not what the run says. */
  readonly owed?: OwedGrade;
  readonly finite?: boolean;
  /** Whether its runtime keeps a processor busy while it waits for the device. */
  readonly busy?: boolean;
  /** What comes before each activation: a runtime with several backends takes its own up once and not with every call. */
  readonly enter?: () => Promise<boolean>;
  /** The activation of this name as the backend has it; that of the catalogue, with all its settings, unless given. */
  readonly as?: (activation: string) => Activation | string;
}

/** The name of one framework's own function as a subject. */
export const builtinSubject = (group: string, activation: string): string => `${group}:${activation}`;

/** Whether a subject's name fits a pattern, in which * stands for any characters. */
export function fits(pattern: string, name: string): boolean {
  const source = pattern.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(name);
}
