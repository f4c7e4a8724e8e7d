/** A module as the bytes that `WebAssembly.Module` takes. */
import { listed, raw, signed, sized, text, unsigned } from './bytes.ts';
import type { Instruction, Label, Local, ValueType, WasmFunction, WasmModule } from './instruction.ts';
import { opcodes, vector } from './opcodes.ts';

const typeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };
const localCodes = { get: 0x20, set: 0x21, tee: 0x22 } as const;
const end = 0x0b;
/** The type of a block that leaves nothing. */
const empty = 0x40;
/** The alignment of a load or store as an exponent of two: callers' tensors are aligned to 4 bytes. */
const alignment = 2;

/** All that 32-bit addresses reach. */
const mostPages = 65_536;

/** Where a module finds its memory among its imports. */
export const memoryImport = { module: 'host', name: 'memory' } as const;

/** Encodes a module; a memory that threads share must be declared so, and with a limit. */
export function encodeModule({ functions, exported = 1 }: WasmModule, isShared = false): Uint8Array<ArrayBuffer> {
  const section = (id: number, items: readonly (readonly number[])[]): number[] => [id, ...sized(listed(items))];
  const typeList = (types: readonly ValueType[]): number[] => listed(types.map((type) => [typeCodes[type]]));
  const limits = isShared ? [0x03, 0x01, ...unsigned(mostPages)] : [0x00, 0x01];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(
      1,
      functions.map(({ parameters, results }) => [
        0x60,
        ...typeList(parameters.map(({ type }) => type)),
        ...typeList(results),
      ]),
    ),
    ...section(2, [[...text(memoryImport.module), ...text(memoryImport.name), 0x02, ...limits]]),
    ...section(
      3,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(
      7,
      functions.slice(0, exported).map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]),
    ),
    ...section(
      10,
      functions.map((each) => sized(encodeFunction(each, functions))),
    ),
  ]);
}

/** Locals are numbered by type, as the binary declares them. */
function encodeFunction({ parameters, locals, body }: WasmFunction, functions: readonly WasmFunction[]): number[] {
  const types = [...new Set(locals.map(({ type }) => type))];
  const groups = types.map((type) => locals.filter((local) => local.type === type));
  const indices = new Map<Local, number>([...parameters, ...groups.flat()].map((local, index) => [local, index]));
  const code = listed(types.map((type, index) => [...unsigned((groups[index] as Local[]).length), typeCodes[type]]));
  const labels: (Label | null)[] = [];
  body.forEach(write);
  return [...code, end];

  function write(instruction: Instruction): void {
    if ('operands' in instruction) instruction.operands.forEach(write);
    code.push(...head(instruction));
    if (!('body' in instruction)) return;
    labels.push('label' in instruction ? instruction.label : null);
    instruction.body.forEach(write);
    labels.pop();
    code.push(end);
  }

  /** The opcode, and what stands behind it. */
  function head(instruction: Instruction): readonly number[] {
    switch (instruction.kind) {
      case 'plain': {
        const { name, offset, lanes = [] } = instruction;
        return [...opcodes[name], ...(offset === undefined ? [] : [alignment, ...unsigned(offset)]), ...lanes];
      }
      case 'constant':
        if (instruction.type === 'i32') return [0x41, ...signed(instruction.value | 0)];
        return [0x44, ...raw(Float64Array.of(instruction.value))];
      case 'vector':
        return [
          ...vector(0x0c),
          ...raw((instruction.of === 'f32' ? Float32Array : Int32Array).from(instruction.lanes)),
        ];
      case 'get':
      case 'set':
      case 'tee':
        return [localCodes[instruction.kind], ...unsigned(indices.get(instruction.local) as number)];
      case 'block':
        return [0x02, empty];
      case 'loop':
        return [0x03, empty];
      case 'if':
        return [0x04, empty];
      case 'branchIf':
        return [0x0d, ...unsigned(labels.length - 1 - labels.lastIndexOf(instruction.label))];
      case 'call':
        return [0x10, ...unsigned(functions.indexOf(instruction.callee))];
    }
  }
}
