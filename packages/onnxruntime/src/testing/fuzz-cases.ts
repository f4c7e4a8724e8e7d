/** Files that are no models, or hardly: what someone could hand in, the same at every run. */
import { GraphFixture } from './model-fixture.ts';
import { exampleModels } from './models.ts';

type Random = (below: number) => number;

/** Numbers that look random (Mulberry32, public domain). */
function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

let built: readonly Uint8Array<ArrayBuffer>[] | undefined;
const originals = (): readonly Uint8Array<ArrayBuffer>[] =>
  (built ??= Object.values(exampleModels).map(({ build }) => build()));
const pick = <T>(list: readonly T[], random: Random): T => list[random(list.length)] as T;

const kinds: Readonly<Record<string, { readonly share: number; readonly make: (random: Random) => Uint8Array }>> = {
  'cut short': {
    share: 3000,
    make: (random) => {
      const bytes = pick(originals(), random);
      return bytes.subarray(0, random(bytes.length));
    },
  },
  'with flipped bits and overwritten bytes': {
    share: 5000,
    make: (random) => {
      const bytes = Uint8Array.from(pick(originals(), random));
      for (let change = random(4); change >= 0; change--) {
        const at = random(bytes.length);
        bytes[at] = random(2) ? (bytes[at] as number) ^ (1 << random(8)) : pick([0, 0x7f, 0x80, 0xff], random);
      }
      return bytes;
    },
  },
  'with pieces cut out, doubled or put elsewhere': {
    share: 1500,
    make: (random) => {
      const bytes = pick(originals(), random);
      const [from, length, to] = [random(bytes.length), random(200), random(bytes.length)];
      const rest = bytes.subarray(to + (random(2) ? length : 0));
      return Uint8Array.of(...bytes.subarray(0, to), ...bytes.subarray(from, from + length), ...rest);
    },
  },
  'with lengths that promise too much': {
    share: 1000,
    make: (random) => {
      const bytes = Uint8Array.from(pick(originals(), random));
      const at = random(bytes.length - 10);
      bytes.set([...Array<number>(1 + random(9)).fill(0xff), random(2)], at);
      return bytes;
    },
  },
  'with nodes wired at random, in cycles too': { share: 1500, make: tangle },
  noise: { share: 1000, make: (random) => Uint8Array.from({ length: random(300) }, () => random(256)) },
};

const operators = ['Relu', 'Sigmoid', 'Mul', 'Add', 'Clip', 'Erf', 'Div', 'Tanh', 'Identity', 'Constant', 'Softplus'];
const arity: Readonly<Record<string, number>> = { Mul: 2, Add: 2, Div: 2, Clip: 3, Constant: 0 };

/** A graph whose nodes read and make values of a few names, in no order. */
function tangle(random: Random): Uint8Array {
  const names = ['x', 'a', 'b', 'c', 'd', 'e', 'one', 'half'];
  const graph = new GraphFixture();
  graph.input('x', ['n']);
  graph.scalar('one', 1);
  graph.scalar('half', 0.5);
  for (let count = 2 + random(14); count > 0; count--) {
    const operator = pick(operators, random);
    const inputs = Array.from({ length: arity[operator] ?? 1 }, () => pick(names, random));
    graph.node(operator, inputs, {}, { output: pick(names, random) });
  }
  graph.output(pick(names, random), ['n']);
  return graph.model();
}

export const caseCount: number = Object.values(kinds).reduce((sum, { share }) => sum + share, 0);

/** @param index below {@link caseCount} */
export function fuzzCase(index: number): { readonly kind: string; readonly bytes: Uint8Array } {
  let first = 0;
  for (const [kind, { share, make }] of Object.entries(kinds)) {
    if (index < first + share) return { kind, bytes: make(randomFrom(index + 1)) };
    first += share;
  }
  throw new RangeError(`index must be below ${caseCount} (was ${index}).`);
}
