/** A plan as kernels to be run one after another, and the scratch memory that they share. */
import {
  type Gather,
  type Node,
  operands,
  type Pass,
  type Plan,
  type ScalarOutput,
  topologicalOrder,
} from '@isoact/core';
import { isStatistic } from '@isoact/core/plan';
import { type Library, shaderLibrary } from '../shader/functions.ts';
import { type AccumulatorType, accumulatorType, wordsOf } from './accumulator.ts';
import { combinedAtOnce, emitCombine, type Run } from './combine.ts';
import { chooseForm, type Device } from './form.ts';
import type { Kernel } from './kernel.ts';
import type { Gathered, Pack } from './leaves.ts';
import { emitPacks, type Packed } from './pack.ts';
import { emitPass } from './pass.ts';
import type { Partial } from './pass-request.ts';
import { rangesOf } from './range.ts';
import { emitScalar } from './scalar.ts';
import { memoryOf, type Storage } from './storage.ts';

export interface Program {
  readonly plan: Plan;
  /** In the order in which they must run. */
  readonly kernels: readonly Kernel[];
  /** 4-byte words of the scratch buffer. */
  readonly scratchWords: number;
}

/**
 * Generates the kernels of a plan. Parameters that would be more buffers than the device binds are gathered in the scratch
 * buffer first.
 * @throws TypeError for a plan that is not one.
 */
export function generateProgram(
  plan: Plan,
  device: Device,
  storage: Storage = 'float32',
  library: Library = shaderLibrary,
): Program {
  const program = generate(plan, device, storage, library, false);
  const most = device.storageBuffers ?? Number.POSITIVE_INFINITY;
  const isOver = program.kernels.some(({ bindings }) => bindings.length > most);
  return isOver ? generate(plan, device, storage, library, true) : program;
}

function generate(plan: Plan, device: Device, storage: Storage, library: Library, packs: boolean): Program {
  const memory = memoryOf(storage, device.convertsHalves ?? false);
  const kernels: Kernel[] = [];
  const gathered: Gathered[] = [];
  const written = new Set<string>();
  const hasParts = plan.placement.parts > 1;
  let scratchWords = 0;
  const allocate = (type: AccumulatorType, values: number): number => {
    const at = scratchWords;
    scratchWords += values * wordsOf[type];
    return at;
  };
  const packed = new Map<string, Packed>();
  const pack: Pack = (kind, name, words) => {
    const key = `${kind}:${name}`;
    const known = packed.get(key);
    if (known) return known.at;
    const at = scratchWords;
    scratchWords += words;
    packed.set(key, { kind, name, at, words });
    return at;
  };
  const surroundings = { gathered, library, pack: packs ? pack : undefined };

  plan.passes.forEach((pass, index) => {
    const form = chooseForm(
      pass,
      hasParts ? { ...device, tuning: { ...device.tuning, tiles: false } } : device,
      memory,
    );
    const scalars =
      form.kind === 'map' && !hasParts && index === plan.passes.length - 1 ? plan.scalars.filter(isKnown) : [];
    for (const { name } of scalars) written.add(name);
    const emitted = emitPass({
      plan,
      pass,
      form,
      scalars,
      ...surroundings,
      storage: memory,
      ranges: rangesOf(plan, pass, memory, device.bindingBytes ?? Number.POSITIVE_INFINITY),
      allocate: (gather, values) => allocate(accumulatorType(gather), values),
      label: `${plan.direction}: pass ${index + 1} of ${plan.passes.length}`,
    });
    kernels.push(...emitted.kernels);
    gathered.push(...combine(emitted.partials));
  });
  for (const scalar of plan.scalars) {
    if (!written.has(scalar.name)) kernels.push(emitScalar(plan, scalar, surroundings));
  }
  return { plan, kernels: [...emitPacks([...packed.values()], device), ...kernels], scratchWords };

  /** Whether a number of the whole tensor is made of statistics that are gathered already. */
  function isKnown({ name, expression, grouping }: ScalarOutput): boolean {
    const known = new Set<Node>(gathered.flatMap(({ gather }) => gather.statistics));
    return grouping.groups === 1 && !written.has(name) && statisticsOf(expression).every((node) => known.has(node));
  }

  /** Combines what a pass left; neighbours of one kind go together. */
  function combine(partials: readonly Partial[]): Gathered[] {
    const found: Gathered[] = [];
    for (const members of runsOf(partials)) {
      const { gather, at, partials: count } = members[0] as Partial;
      const type = accumulatorType(gather);
      const { groups } = gather.grouping;
      const direct = members.length === 1 ? scalarOf(gather) : undefined;
      let run: Run = { type, at, groups: groups * members.length, partials: count };
      while (run.partials > 1) {
        const chunks = Math.ceil(run.partials / combinedAtOnce(device));
        if (direct && chunks === 1) {
          kernels.push(emitCombine(run, { scalar: direct.name }, device));
          written.add(direct.name);
          break;
        }
        const target = allocate(type, run.groups * chunks);
        kernels.push(emitCombine(run, target, device));
        run = { ...run, at: target, partials: chunks };
      }
      for (const [m, member] of members.entries()) {
        found.push({ gather: member.gather, at: run.at + m * groups * wordsOf[type] });
      }
    }
    return found;
  }

  /** The number that is just this sum, where nothing else reads it: the last step of the sum can write it. */
  function scalarOf({ statistics, grouping }: Gather): ScalarOutput | undefined {
    const roots = [
      ...plan.passes.flatMap((pass) => rootsOf(pass)),
      ...plan.scalars.map(({ expression }) => expression),
    ];
    const readers = roots.filter((root) =>
      topologicalOrder([root]).some((node) => statistics.some((own) => own === node)),
    );
    const [only] = readers;
    return readers.length > 1
      ? undefined
      : plan.scalars.find(
          ({ expression, grouping: own }) =>
            expression === only &&
            expression.kind === 'statistic' &&
            expression.name === 'sum' &&
            own.groups === grouping.groups,
        );
  }
}

/** The statistics that an expression reads, but not those behind them. */
function statisticsOf(node: Node): Node[] {
  if (isStatistic(node)) return [node];
  return operands(node).flatMap(statisticsOf);
}

/** All that a pass computes. */
const rootsOf = (pass: Pass): Node[] => [
  ...(pass.local?.levels.flat() ?? []).map(({ operand }) => operand),
  ...pass.gathers.map(({ operand }) => operand),
  ...[...pass.outputs, ...pass.scalars].map(({ expression }) => expression),
];

/** Partials of one kind and extent that lie one after another. */
function runsOf(partials: readonly Partial[]): Partial[][] {
  const runs: Partial[][] = [];
  for (const partial of partials) {
    const last = runs.at(-1);
    const before = last?.at(-1);
    const follows =
      before &&
      before.partials === partial.partials &&
      before.gather.kind === partial.gather.kind &&
      before.gather.grouping.groups === partial.gather.grouping.groups &&
      before.at + before.partials * before.gather.grouping.groups * wordsOf[accumulatorType(before.gather)] ===
        partial.at;
    if (last && follows) last.push(partial);
    else runs.push([partial]);
  }
  return runs;
}
