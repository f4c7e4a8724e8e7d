/** A module in WebAssembly's text format, folded, for people and tests. */
import { memoryImport } from './encode.ts';
import type { Instruction, WasmFunction, WasmModule } from './instruction.ts';

export function printModule({ functions, exported = 1 }: WasmModule): string {
  return [
    '(module',
    `  (import "${memoryImport.module}" "${memoryImport.name}" (memory 1))`,
    ...functions.slice(0, exported).map(({ name }) => `  (export "${name}" (func $${name}))`),
    ...functions.flatMap((each) => indented(printFunction(each))),
    ')',
  ].join('\n');
}

function printFunction({ name, parameters, results, locals, body }: WasmFunction): string[] {
  return [
    `(func $${name}${parameters.map((local) => ` (param $${local.name} ${local.type})`).join('')}${results
      .map((type) => ` (result ${type})`)
      .join('')}`,
    ...locals.map((local) => `  (local $${local.name} ${local.type})`),
    ...body.flatMap((each) => indented(printInstruction(each))),
    ')',
  ];
}

/** An instruction with its operands on one line; those with bodies on several. */
function printInstruction(instruction: Instruction): string[] {
  if (!('body' in instruction)) return [folded(instruction)];
  const head =
    instruction.kind === 'if'
      ? [`(if ${folded(instruction.operands[0])} (then`]
      : [`(${instruction.kind} $${instruction.label.name}`];
  return [
    ...head,
    ...instruction.body.flatMap((each) => indented(printInstruction(each))),
    instruction.kind === 'if' ? '))' : ')',
  ];
}

function folded(instruction: Instruction): string {
  const operands =
    'operands' in instruction ? instruction.operands.map((operand) => ` ${folded(operand)}`).join('') : '';
  return `(${head(instruction)}${operands})`;
}

function head(instruction: Instruction): string {
  switch (instruction.kind) {
    case 'plain': {
      const { name, offset, lanes = [] } = instruction;
      return [name, ...(offset ? [`offset=${offset}`] : []), ...lanes].join(' ');
    }
    case 'constant':
      return `${instruction.type}.const ${numberText(instruction.value)}`;
    case 'vector':
      return `v128.const ${instruction.of}x4 ${instruction.lanes.map(numberText).join(' ')}`;
    case 'get':
    case 'set':
    case 'tee':
      return `local.${instruction.kind} $${instruction.local.name}`;
    case 'branchIf':
      return `br_if $${instruction.label.name}`;
    case 'call':
      return `call $${instruction.callee.name}`;
    default:
      return instruction.kind;
  }
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
