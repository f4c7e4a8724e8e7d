/** How WGSL spells what the emitter asks for. */
import { atom, type Dialect, type Term, within } from '../shader/dialect.ts';
import { helpers } from './helpers.ts';

export const wgslDialect: Dialect = {
  name: 'wgsl',
  helpers,
  unary: { absolute: 'abs', floor: 'floor', round: 'round', sqrt: 'sqrt' },
  binary: { minimum: 'min', maximum: 'max' },
  declare: (name, _, value) => `let ${name} = ${value};`,
  literal,
  select: (condition: Term, whenTrue: Term, whenFalse: Term): Term =>
    atom(`select(${whenFalse.text}, ${whenTrue.text}, ${within(condition, 5)})`),
  toNumber: (integer) => `f32(${integer})`,
  define: (name, argument, lines, result) =>
    [`fn ${name}(${argument}: f32) -> f32 {`, ...lines.map((line) => `  ${line}`), `  return ${result};`, '}'].join(
      '\n',
    ),
};

/** The shortest decimal that rounds to this float32. */
function literal(value: number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) !== value) continue;
    const text = Object.is(value, -0) ? '-0' : String(short);
    return /^-?\d+$/.test(text) ? `${text}.0` : text.replace('e+', 'e');
  }
  throw new TypeError(`a literal must be a finite float32 (was ${value})`);
}
