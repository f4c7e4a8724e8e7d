/**
 * Whose turn it is. What all contexts would ask a backend alike, each asks in part: the turns count up through the
 * activations of the catalogue and their directions. Tests say what all of them together ask.
 */
import { catalogue } from '../../activations/catalogue.ts';
import type { CaseContext } from '../case.ts';
import { createRandom } from '../random.ts';

/** A number that counts up from each direction and activation of the catalogue to the next. */
export function turnOf({ seed, name, direction }: CaseContext, what: string): number {
  const place = Object.keys(catalogue).indexOf(name);
  const start = createRandom(seed, `turns of ${what}${place < 0 ? ` for ${name}` : ''}`).integer(2 ** 16);
  return start + 2 * Math.max(place, 0) + (direction === 'vjp' ? 1 : 0);
}

/** In a quick run the next few of the items in each context, or one in each second or third; in a full run all. */
export function byTurns<T>(context: CaseContext, what: string, items: readonly T[], count: number): T[] {
  if (!context.quick || items.length <= count) return [...items];
  const turn = turnOf(context, what);
  const [first, end] = [Math.floor(count * turn), Math.floor(count * (turn + 1))];
  return Array.from({ length: end - first }, (_, k) => items[(first + k) % items.length] as T);
}

/** All items of float32, and of each further data type every third: the next context asks for those beside them. */
export function byTypes<T>(context: CaseContext, what: string, items: readonly T[]): T[] {
  if (isFirstType(context)) return [...items];
  const turn = turnOf(context, what);
  return items.filter((_, k) => (k + turn) % 3 === 0);
}

/** Data types but float32 store otherwise and compute alike: they are asked less of what is about computing. */
export const isFirstType = ({ format }: CaseContext): boolean => format.dtype === 'float32';

/** Whether this is the one direction of the activation whose turn it is; the next activation has the other. */
export function isItsTurn(context: CaseContext, what: string): boolean {
  const second = Number(context.direction === 'vjp');
  return (((turnOf(context, what) - second) >> 1) + second) % 2 === 0;
}

/** Every other item: the activation's other direction has the rest, and so has the next activation's same direction. */
export function halfOf<T>(context: CaseContext, what: string, items: readonly T[]): T[] {
  const first = isItsTurn(context, what);
  return items.filter((_, k) => (k % 2 === 0) === first);
}

/** Whether anything is asked: in a quick run, of further data types one direction of each activation. */
export const asksDirection = (context: CaseContext): boolean =>
  !context.quick || isFirstType(context) || isItsTurn(context, 'directions');
