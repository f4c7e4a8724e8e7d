/** A module as the bytes that `WebAssembly.Module` takes. */
import { ByteWriter } from './bytes.ts';
import type { Instruction, Label, Local, ValueType, WasmFunction, WasmModule } from './instruction.ts';
import { laneOpcodes, memoryLaneOpcodes, memoryOpcodes, plainOpcodes } from './opcodes.ts';

const typeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };
const end = 0x0b;
/** The type of a block that leaves nothing. */
const empty = 0x40;

/** All that 32-bit addresses reach. */
const mostPages = 65_536;

/** Where a module finds its memory among its imports. */
export const memoryImport = { module: 'host', name: 'memory' } as const;

/** Encodes a module; a memory that threads share must be declared so, and with a limit. */
export function encodeModule({ functions }: WasmModule, isShared = false): Uint8Array<ArrayBuffer> {
  const section = (id: number, count: number, contents: ByteWriter): ByteWriter =>
    new ByteWriter().byte(id).sized(new ByteWriter().unsigned(count).append(contents));
  const types = new ByteWriter();
  const indices = new ByteWriter();
  const code = new ByteWriter();
  functions.forEach((each, index) => {
    types.byte(0x60);
    for (const side of [each.parameters.map(({ type }) => type), each.results]) {
      types.unsigned(side.length).byte(...side.map((type) => typeCodes[type]));
    }
    indices.unsigned(index);
    code.sized(encodeFunction(each, functions));
  });
  const imported = new ByteWriter().text(memoryImport.module).text(memoryImport.name).byte(0x02);
  if (isShared) imported.byte(0x03, 0x01).unsigned(mostPages);
  else imported.byte(0x00, 0x01);
  const exported = new ByteWriter().text(functions[0]?.name ?? '').byte(0x00, 0x00);
  return new ByteWriter()
    .byte(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
    .append(section(1, functions.length, types))
    .append(section(2, 1, imported))
    .append(section(3, functions.length, indices))
    .append(section(7, 1, exported))
    .append(section(10, functions.length, code))
    .finish();
}

/** Locals are numbered by type, as the binary declares them. */
function encodeFunction({ parameters, locals, body }: WasmFunction, functions: readonly WasmFunction[]): ByteWriter {
  const types = [...new Set(locals.map(({ type }) => type))];
  const sorted = types.map((type) => locals.filter((local) => local.type === type));
  const indices = new Map<Local, number>([...parameters, ...sorted.flat()].map((local, index) => [local, index]));
  const writer = new ByteWriter().unsigned(types.length);
  for (const [index, type] of types.entries()) {
    writer.unsigned((sorted[index] as readonly Local[]).length).byte(typeCodes[type]);
  }
  const labels: Label[] = [];
  for (const instruction of body) write(instruction);
  return writer.byte(end);

  function opcode(code: number): ByteWriter {
    return code < 0x100 ? writer.byte(code) : writer.byte(code >> 16).unsigned(code & 0xffff);
  }

  function depthOf(label: Label): number {
    return labels.length - 1 - labels.lastIndexOf(label);
  }

  function write(instruction: Instruction): void {
    if ('operands' in instruction) for (const operand of instruction.operands) write(operand);
    switch (instruction.kind) {
      case 'plain':
        opcode(plainOpcodes[instruction.name]);
        break;
      case 'memory': {
        const [code, alignment] = memoryOpcodes[instruction.name];
        // callers' tensors are aligned to 4 bytes; a higher hint would be a promise
        opcode(code).unsigned(Math.min(alignment, 2)).unsigned(instruction.offset);
        break;
      }
      case 'lane':
        opcode(laneOpcodes[instruction.name]).byte(instruction.lane);
        break;
      case 'memoryLane': {
        const [code] = memoryLaneOpcodes[instruction.name];
        opcode(code).unsigned(2).unsigned(instruction.offset).byte(instruction.lane);
        break;
      }
      case 'shuffle':
        opcode(0xfd000d).byte(...instruction.lanes);
        break;
      case 'constant':
        if (instruction.type === 'i32') writer.byte(0x41).signed(instruction.value);
        else writer.byte(0x44).float64(instruction.value);
        break;
      case 'vector':
        opcode(0xfd000c);
        for (const value of instruction.lanes) {
          if (instruction.of === 'f32') writer.float32(value);
          else writer.word(value);
        }
        break;
      case 'get':
        writer.byte(0x20).unsigned(indices.get(instruction.local) as number);
        break;
      case 'set':
      case 'tee':
        writer.byte(instruction.kind === 'set' ? 0x21 : 0x22).unsigned(indices.get(instruction.local) as number);
        break;
      case 'block':
      case 'loop':
        writer.byte(instruction.kind === 'block' ? 0x02 : 0x03, empty);
        labels.push(instruction.label);
        for (const each of instruction.body) write(each);
        labels.pop();
        writer.byte(end);
        break;
      case 'if':
        writer.byte(0x04, empty);
        labels.push({ name: 'if' });
        for (const each of instruction.body) write(each);
        labels.pop();
        writer.byte(end);
        break;
      case 'branchIf':
        writer.byte(0x0d).unsigned(depthOf(instruction.label));
        break;
      case 'return':
        writer.byte(0x0f);
        break;
      case 'call':
        writer.byte(0x10).unsigned(functions.indexOf(instruction.callee));
        break;
      case 'fill':
        writer.byte(0xfc, 0x0b, 0x00);
        break;
    }
  }
}
