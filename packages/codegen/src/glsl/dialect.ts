/** How GLSL ES 3.00 spells what the emitter asks for. */
import { atom, type Dialect, type ValueType, within } from '../shader/dialect.ts';
import { helpers } from './helpers.ts';

const types: Readonly<Record<ValueType, string>> = { number: 'float', integer: 'int', condition: 'bool' };

export const glslDialect: Dialect = {
  name: 'glsl',
  helpers,
  unary: { absolute: 'abs', floor: 'floor', round: 'roundEven', sqrt: 'sqrt' },
  binary: { minimum: 'min', maximum: 'max' },
  declare: (name, type, value) => `${types[type]} ${name} = ${value};`,
  literal,
  select: (condition, whenTrue, whenFalse) =>
    atom(`(${within(condition, 5)} ? ${within(whenTrue, 5)} : ${within(whenFalse, 5)})`),
  toNumber: (integer) => `float(${integer})`,
  define: (name, argument, lines, result) =>
    [`float ${name}(float ${argument}) {`, ...lines.map((line) => `  ${line}`), `  return ${result};`, '}'].join('\n'),
};

/** The shortest decimal that rounds to this float32. */
export function literal(value: number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) !== value) continue;
    const text = Object.is(value, -0) ? '-0' : String(short);
    return /^-?\d+$/.test(text) ? `${text}.0` : text.replace('e+', 'e');
  }
  throw new TypeError(`a literal must be a finite float32 (was ${value})`);
}
