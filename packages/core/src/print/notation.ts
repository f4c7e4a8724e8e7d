/** How the parts of an expression are written; a notation overrides only what differs. */
import type { ComparisonName, FunctionName, StatisticName } from '../expression/node.ts';

export interface Notation {
  readonly input: (name: string) => string;
  readonly parameter: (name: string) => string;
  readonly number: (value: number) => string;
  readonly product: (left: string, right: string) => string;
  /** Operands come without parentheses: a fraction bar or parentheses are the notation's. */
  readonly quotient: (numerator: string, denominator: string, wrap: (text: string) => string) => string;
  readonly power: (base: string, exponent: string) => string;
  readonly call: (name: string, argument: string) => string;
  /** The name under which parts are put together. */
  readonly concatenation: string;
  readonly functions: Readonly<Partial<Record<FunctionName | 'minimum' | 'maximum', string>>>;
  readonly absolute: (argument: string) => string;
  readonly root: (argument: string) => string;
  readonly exponential: (exponent: string) => string;
  readonly parenthesis: (inner: string) => string;
  readonly statistic: (name: StatisticName, operand: string, extent: string) => string;
  readonly count: (predicate: string, extent: string) => string;
  readonly size: (extent: string) => string;
  readonly cases: (branches: readonly { readonly value: string; readonly when: string | null }[]) => string;
  readonly comparisons: Readonly<Record<ComparisonName, string>>;
  readonly logic: Readonly<Record<'both' | 'either', string>>;
  readonly not: (predicate: string) => string;
}

const greek: Readonly<Record<string, string>> = {
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  epsilon: 'ε',
  lambda: 'λ',
  theta: 'θ',
};

/** Letters of a name and its trailing digits: beta1 is β with index 1. */
const splitName = (name: string): { letters: string; index: string } => {
  const [, letters = name, index = ''] = /^(.*?)(\d*)$/.exec(name) ?? [];
  return { letters, index };
};

/** Square roots of simple numbers that formulas have in them: what stands under the root, by the root. */
const roots: ReadonlyMap<number, readonly [numerator: string, denominator: string]> = new Map([
  [Math.SQRT1_2, ['1', '2']],
  [2 / Math.sqrt(Math.PI), ['4', 'π']],
  [2 * Math.sqrt(2 / Math.PI), ['8', 'π']],
]);

const withRoot = (value: number, root: (numerator: string, denominator: string) => string): string => {
  const found = roots.get(Math.abs(value));
  return found ? `${value < 0 ? '-' : ''}${root(...found)}` : shortest(value);
};

const shortest = (value: number): string => {
  if (value === Number.POSITIVE_INFINITY) return '∞';
  if (value === Number.NEGATIVE_INFINITY) return '-∞';
  return String(Object.is(value, -0) ? 0 : Number(value.toPrecision(6)));
};

/** Plain text: one line of Unicode, as in a comment. */
export const textNotation: Notation = {
  input: (name) => (name === 'upstream' ? 'u' : name),
  parameter: (name) => {
    const { letters, index } = splitName(name);
    return `${greek[letters] ?? letters}${index.replace(/\d/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)] as string)}`;
  },
  number: (value) => withRoot(value, (numerator, denominator) => `√(${numerator}/${denominator})`),
  product: (left, right) => `${left}·${right}`,
  quotient: (numerator, denominator, wrap) => `${wrap(numerator)}/${wrap(denominator)}`,
  power: (base, exponent) => `${base}${exponent === '2' ? '²' : `^${exponent}`}`,
  call: (name, argument) => `${name}(${argument})`,
  concatenation: 'concat',
  functions: { sigmoid: 'σ', minimum: 'min', maximum: 'max' },
  absolute: (argument) => `|${argument}|`,
  root: (argument) => `√(${argument})`,
  exponential: (exponent) => `exp(${exponent})`,
  parenthesis: (inner) => `(${inner})`,
  statistic: (name, operand, extent) => `${{ sum: 'Σ', mean: 'mean', variance: 'var' }[name]}[${extent}](${operand})`,
  count: (predicate, extent) => `#[${extent}](${predicate})`,
  size: (extent) => `n[${extent}]`,
  cases: (branches) =>
    `{ ${branches.map(({ value, when }) => (when === null ? `${value} otherwise` : `${value} if ${when}`)).join('; ')} }`,
  comparisons: { less: '<', lessOrEqual: '≤', equal: '=' },
  logic: { both: ' and ', either: ' or ' },
  not: (predicate) => `not (${predicate})`,
};

const latexGreek = (letters: string): string =>
  letters in greek ? `\\${letters}` : letters.length === 1 ? letters : `\\mathrm{${letters}}`;

/** LaTeX mathematics, for MathJax or KaTeX. */
export const latexNotation: Notation = {
  ...textNotation,
  parameter: (name) => {
    const { letters, index } = splitName(name);
    return index ? `${latexGreek(letters)}_{${index}}` : latexGreek(letters);
  },
  number: (value) => {
    const text = withRoot(value, (numerator, denominator) => `\\sqrt{${numerator}/${denominator}}`)
      .replace('∞', '\\infty')
      .replace('π', '\\pi');
    return text.replace(/^(-?[\d.]+)e([+-]?)(\d+)$/, (_, digits, sign, power) => {
      return `${digits} \\cdot 10^{${sign === '-' ? '-' : ''}${power}}`;
    });
  },
  product: (left, right) => `${left} \\cdot ${right}`,
  quotient: (numerator, denominator) => `\\frac{${numerator}}{${denominator}}`,
  power: (base, exponent) => `${base}^{${exponent}}`,
  call: (name, argument) => `${name}\\left(${argument}\\right)`,
  concatenation: '\\operatorname{concat}',
  functions: {
    sigmoid: '\\sigma',
    minimum: '\\min',
    maximum: '\\max',
    tanh: '\\tanh',
    log: '\\log',
    atan: '\\arctan',
    asin: '\\arcsin',
    expm1: '\\operatorname{expm1}',
    log1p: '\\operatorname{log1p}',
    softplus: '\\operatorname{softplus}',
    erf: '\\operatorname{erf}',
    erfc: '\\operatorname{erfc}',
  },
  absolute: (argument) => `\\left|${argument}\\right|`,
  root: (argument) => `\\sqrt{${argument}}`,
  exponential: (exponent) => `e^{${exponent}}`,
  parenthesis: (inner) => `\\left(${inner}\\right)`,
  statistic: (name, operand, extent) => {
    const symbol = { sum: '\\sum', mean: '\\operatorname{E}', variance: '\\operatorname{Var}' }[name];
    return `${symbol}_{\\text{${extent}}}\\left(${operand}\\right)`;
  },
  count: (predicate, extent) => `\\#_{\\text{${extent}}}\\left(${predicate}\\right)`,
  size: (extent) => `n_{\\text{${extent}}}`,
  cases: (branches) => {
    const rows = branches.map(({ value, when }) => `${value} & ${when === null ? '\\text{otherwise}' : when}`);
    return `\\begin{cases} ${rows.join(' \\\\ ')} \\end{cases}`;
  },
  comparisons: { less: '<', lessOrEqual: '\\le', equal: '=' },
  logic: { both: ' \\land ', either: ' \\lor ' },
  not: (predicate) => `\\lnot\\left(${predicate}\\right)`,
};
