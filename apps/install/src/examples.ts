/** The projects under `examples/`, and what each must print. */

export interface Example {
  /** Its folder below `examples/`. */
  readonly name: string;
  readonly place: 'Node' | 'browser';
  /** A line of what it prints, or what its page says, when it has done its work. */
  readonly says: RegExp;
}

export const examples: readonly Example[] = [];
