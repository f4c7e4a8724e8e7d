/** What the planner must know of a machine. A target declares facts; the planner decides. */
export interface Target {
  readonly name: string;
  /**
   * The most elements of one contiguous group that a workgroup can hold on chip, so that the group's statistics and
   * outputs need one reading of memory. 0 where there are no workgroups.
   */
  readonly groupCapacity: number;
  /**
   * Whether a pass can gather statistics of any extent beside its outputs. If false, a pass with outputs gathers over
   * the whole tensor only, and every other extent is gathered by a pass of its own.
   */
  readonly gathersAnyExtent: boolean;
}

/** One thread that keeps the sums of all groups in memory: JavaScript, WebAssembly. */
export const sequentialTarget: Target = {
  name: 'sequential',
  groupCapacity: Infinity,
  gathersAnyExtent: true,
};

/** A GPU: workgroups of some hundred invocations, each of which keeps a few elements in registers. */
export const gpuTarget: Target = { name: 'gpu', groupCapacity: 4096, gathersAnyExtent: false };
