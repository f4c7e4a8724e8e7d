/** The committed record of exhaustive runs. */
export interface Result {
  tried: number;
}
export function record(_name: string, _result: Result): void {}
