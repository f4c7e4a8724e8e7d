/** Fewer than four elements in and out of a vector, without touching the memory beside them. */
import {
  get,
  giveBack,
  integer,
  type Local,
  memory,
  memoryLane,
  plain,
  type WasmFunction,
  when,
} from '../binary/instruction.ts';

const address: Local = { name: 'address', type: 'i32' };
const count: Local = { name: 'count', type: 'i32' };
const value: Local = { name: 'value', type: 'v128' };
const isCount = (number: number) => plain('i32.eq', get(count), integer(number));

/** One to three float32 in the first lanes, 0 in the others. */
export const loadTail: WasmFunction = {
  name: 'loadTail',
  parameters: [address, count],
  results: ['v128'],
  locals: [],
  body: [
    when(isCount(1), [giveBack(memory('v128.load32_zero', 0, get(address)))]),
    when(isCount(2), [giveBack(memory('v128.load64_zero', 0, get(address)))]),
    memoryLane('v128.load32_lane', 2, 8, get(address), memory('v128.load64_zero', 0, get(address))),
  ],
};

/** Writes the first one to three lanes. */
export const storeTail: WasmFunction = {
  name: 'storeTail',
  parameters: [address, value, count],
  results: [],
  locals: [],
  body: [
    when(isCount(1), [memoryLane('v128.store32_lane', 0, 0, get(address), get(value))]),
    when(plain('i32.ge_u', get(count), integer(2)), [memoryLane('v128.store64_lane', 0, 0, get(address), get(value))]),
    when(isCount(3), [memoryLane('v128.store32_lane', 2, 8, get(address), get(value))]),
  ],
};
