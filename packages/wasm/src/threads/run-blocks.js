/**
 * What every thread of a call does. This file is JavaScript because a worker loads it as it is, from source too.
 *
 * @typedef {object} Job
 * @property {number} id of the kernel
 * @property {readonly number[]} values the arguments of block 0, for thread 0
 * @property {readonly number[]} perBlock what each argument grows by from block to block
 * @property {readonly number[]} perThread what it grows by from thread to thread: places to work in
 * @property {readonly number[]} last the arguments of the last block, which may be shorter, as far as they are not those of
 *   the others: lengths
 * @property {number} blocks
 */

/**
 * Takes blocks until none is left. Which thread takes which does not show: a block's work depends on its number alone.
 *
 * @param {(...values: number[]) => void} kernel
 * @param {Job} job
 * @param {number} thread
 * @param {Int32Array} next the number of blocks that have been taken, shared by all threads
 */
export function runBlocks(kernel, { values, perBlock, perThread, last, blocks }, thread, next) {
  for (let block = Atomics.add(next, 0, 1); block < blocks; block = Atomics.add(next, 0, 1)) {
    const own = block === blocks - 1 ? last : values;
    kernel(
      ...own.map(
        (value, index) =>
          value + block * /** @type {number} */ (perBlock[index]) + thread * /** @type {number} */ (perThread[index]),
      ),
    );
  }
}
