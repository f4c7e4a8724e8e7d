/**
 * Instructions of WebAssembly by what stands behind their opcodes. Source: WebAssembly Core Specification 2.0, section
 * 5.4, and the index of instructions in 7.10; for relaxed SIMD, Specification 3.0.
 */
import { unsigned } from './bytes.ts';

/** The opcode of a vector instruction: its number behind a prefix. */
export const vector = (number: number): readonly number[] => [0xfd, ...unsigned(number)];

/** Instructions that operate on the stack alone, and one whose memory is always the first. */
const plainOpcodes = {
  return: [0x0f],
  'memory.fill': [0xfc, 0x0b, 0x00],
  select: [0x1b],
  'i32.eq': [0x46],
  'i32.ge_u': [0x4f],
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.mul': [0x6c],
  'i32.and': [0x71],
  'i32.shr_u': [0x76],
  'f64.lt': [0x63],
  'f64.abs': [0x99],
  'f64.add': [0xa0],
  'f64.sub': [0xa1],
  'f64.mul': [0xa2],
  'f64.div': [0xa3],
  'f64.max': [0xa5],
  'f32.convert_i32_u': [0xb3],
  'f32.demote_f64': [0xb6],
  'f64.convert_i32_u': [0xb8],
  'f64.promote_f32': [0xbb],
  'i32x4.splat': vector(0x11),
  'f32x4.splat': vector(0x13),
  'i32x4.eq': vector(0x37),
  'i32x4.gt_s': vector(0x3b),
  'i32x4.lt_u': vector(0x3a),
  'i32x4.le_u': vector(0x3e),
  'f32x4.eq': vector(0x41),
  'f32x4.ne': vector(0x42),
  'f32x4.lt': vector(0x43),
  'f32x4.le': vector(0x45),
  'v128.not': vector(0x4d),
  'v128.and': vector(0x4e),
  'v128.andnot': vector(0x4f),
  'v128.or': vector(0x50),
  'v128.xor': vector(0x51),
  'v128.bitselect': vector(0x52),
  'f64x2.promote_low_f32x4': vector(0x5f),
  'f32x4.floor': vector(0x68),
  'f32x4.nearest': vector(0x6a),
  'i32x4.bitmask': vector(0xa4),
  'i32x4.shl': vector(0xab),
  'i32x4.shr_u': vector(0xad),
  'i32x4.add': vector(0xae),
  'i32x4.sub': vector(0xb1),
  'i32x4.mul': vector(0xb5),
  'i64x2.extmul_low_i32x4_u': vector(0xde),
  'i64x2.extmul_high_i32x4_u': vector(0xdf),
  'f32x4.abs': vector(0xe0),
  'f32x4.sqrt': vector(0xe3),
  'f32x4.add': vector(0xe4),
  'f32x4.sub': vector(0xe5),
  'f32x4.mul': vector(0xe6),
  'f32x4.div': vector(0xe7),
  'f32x4.min': vector(0xe8),
  'f32x4.max': vector(0xe9),
  'f32x4.pmin': vector(0xea),
  'f32x4.pmax': vector(0xeb),
  'f64x2.add': vector(0xf0),
  'f64x2.sub': vector(0xf1),
  'f64x2.mul': vector(0xf2),
  'f32x4.convert_i32x4_u': vector(0xfb),
  // relaxed SIMD: what the processor does fastest, here a fused product and sum, and a choice by whole lanes
  'f32x4.relaxed_madd': vector(0x105),
  'f32x4.relaxed_nmadd': vector(0x106),
  'i32x4.relaxed_laneselect': vector(0x10b),
} as const;

/** Loads and stores, with an offset. */
const memoryOpcodes = {
  'f64.load': [0x2b],
  'i32.load': [0x28],
  'i32.store': [0x36],
  'f32.store': [0x38],
  'f64.store': [0x39],
  'v128.load': vector(0x00),
  'v128.load32_splat': vector(0x09),
  'v128.store': vector(0x0b),
  'v128.load32_zero': vector(0x5c),
  'v128.load64_zero': vector(0x5d),
} as const;

/** Instructions that name a lane, or a byte of the operands for each of the result. */
const laneOpcodes = {
  'i8x16.shuffle': vector(0x0d),
  'i32x4.extract_lane': vector(0x1b),
  'f32x4.extract_lane': vector(0x1f),
  'f64x2.extract_lane': vector(0x21),
} as const;

/** Loads and stores of one lane, which is named behind the offset. */
const memoryLaneOpcodes = {
  'v128.load32_lane': vector(0x56),
  'v128.store32_lane': vector(0x5a),
} as const;

export const opcodes = { ...plainOpcodes, ...memoryOpcodes, ...laneOpcodes, ...memoryLaneOpcodes } as const;

export type PlainName = keyof typeof plainOpcodes;
export type MemoryName = keyof typeof memoryOpcodes;
export type LaneName = keyof typeof laneOpcodes;
export type MemoryLaneName = keyof typeof memoryLaneOpcodes;
