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
const reaches = (number: number) => plain('i32.ge_u', get(count), integer(number));

/** One to three float32 in the first lanes, 0 in the others. */
export const loadTail: WasmFunction = {
  name: 'loadTail',
  parameters: [address, count],
  results: ['v128'],
  locals: [],
  body: [
    when(reaches(3), [
      giveBack(memoryLane('v128.load32_lane', 2, 8, get(address), memory('v128.load64_zero', 0, get(address)))),
    ]),
    when(reaches(2), [giveBack(memory('v128.load64_zero', 0, get(address)))]),
    memory('v128.load32_zero', 0, get(address)),
  ],
};

/** Writes the first one to three lanes. */
export const storeTail: WasmFunction = {
  name: 'storeTail',
  parameters: [address, value, count],
  results: [],
  locals: [],
  body: [
    memoryLane('v128.store32_lane', 0, 0, get(address), get(value)),
    when(reaches(2), [memoryLane('v128.store32_lane', 1, 4, get(address), get(value))]),
    when(reaches(3), [memoryLane('v128.store32_lane', 2, 8, get(address), get(value))]),
  ],
};
