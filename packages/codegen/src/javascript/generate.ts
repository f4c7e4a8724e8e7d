/**
 * A plan as the body of one JavaScript function: for each pass a loop over the groups that are held together, and in
 * it loops over their elements. Lengths and strides are read from an array, so the text depends only on the form of
 * the layout, and one compiled function serves every size.
 */
import { extentAxes, type Gather, type Node, type Pass, type Plan, parameterAxes, type Statistic } from '@isoact/core';
import { groupingOf, isStatistic } from '@isoact/core/plan';
import { Blocks, type Leaf } from './blocks.ts';
import { nodeCode } from './expression.ts';
import { type Accumulator, accumulate, declare, setPivot, statisticCode } from './gather.ts';

/** Generated text, and the lengths and strides that it reads. */
export interface GeneratedJavaScript {
  /** Body of a function of `inputs, parameters, state, outputs, scalars, sizes, functions, varianceOf, noiseAt`. */
  readonly body: string;
  readonly sizes: readonly number[];
}

export function generateJavaScript(plan: Plan): GeneratedJavaScript {
  const sizes: number[] = [];
  const sizeNames = new Map<string, string>();
  const accumulators = new Map<Statistic, Accumulator>();
  /** The axes inside the groups that the loop over `group` runs through. */
  let held: string | null = null;
  const blocks = new Blocks(leafOf, nodeCode);
  const { shape } = plan.layout;

  const length = sizeCode('length', plan.length);
  const code = [...plan.passes.flatMap(passCode), ...plan.scalars.flatMap(scalarCode)];
  const declarations = [...sizeNames.values()].map((name, index) => `const ${name} = sizes[${index}];`);
  return { body: [...declarations, ...code].join('\n'), sizes };

  function passCode(pass: Pass): string[] {
    const { local } = pass;
    const gathered = pass.gathers.map((gather) => open(gather));
    hold(local ? spannedKey(local.levels.flat()) : null);
    const [start, end] = local ? ['start', 'end'] : ['0', length];
    const body: string[] = [];
    for (const level of local?.levels ?? []) {
      const accumulating = level.map((gather) => register(gather, ''));
      body.push(...accumulating.flatMap((each) => declare(each, null)));
      body.push(...loop(accumulating, [], start, end));
    }
    if (gathered.length + pass.outputs.length > 0) body.push(...loop(gathered, pass.outputs, start, end));
    const stores = pass.scalars.map(({ name, expression }) => `scalars.${name}[group] = ${blocks.use(expression)};`);
    body.push(...blocks.end('group'), ...stores);
    const opening = gathered.flatMap((each) =>
      declare(each, each.gather.grouping.groups === 1 ? null : groupsCode(each.gather.spanned)),
    );

    hold(null);
    if (!local) return [...opening, ...blocks.take('call'), ...body];
    const spanned = local.levels[0]?.[0]?.spanned ?? [];
    const size = groupSizeCode(spanned);
    return [
      ...opening,
      ...blocks.take('call'),
      `for (let group = 0; group < ${groupsCode(spanned)}; group++) {`,
      ...indented([`const start = group * ${size};`, `const end = start + ${size};`, ...body]),
      '}',
    ];
  }

  /** A loop over elements, after whatever its statements need of the group. */
  function loop(gathered: readonly Accumulator[], outputs: Pass['outputs'], start: string, end: string): string[] {
    const pivots = gathered.flatMap((each) => {
      if (each.gather.kind !== 'moments') return [];
      const value = blocks.use(each.gather.operand);
      const set = [...blocks.end('element'), setPivot(each, value)];
      // one group: its first element; many: the first element of each that any loop comes to
      return each.gather.grouping.groups === 1 || each.subscript === ''
        ? guarded(`const i = ${start};`, set, each, start, end)
        : [`for (let i = ${start}; i < ${end}; i++) {`, ...indented(set), '}'];
    });
    const statements = gathered.flatMap((each) => accumulate(each, blocks.use(each.gather.operand)));
    const stores = outputs.map(({ name, part, expression }) => {
      return `outputs.${name}[${name === 'y' ? partIndex(part) : 'i'}] = ${blocks.use(expression)};`;
    });
    const body = [...blocks.end('element'), ...statements, ...stores];
    const before = blocks.take('group');
    return [...before, ...pivots, `for (let i = ${start}; i < ${end}; i++) {`, ...indented(body), '}'];
  }

  function guarded(first: string, set: string[], each: Accumulator, start: string, end: string): string[] {
    // a whole-tensor pivot inside a loop over groups is set by the first group alone
    const once = held && each.gather.grouping.groups === 1 ? ' && group === 0' : '';
    return [`if (${start} < ${end}${once}) {`, ...indented([first, ...set]), '}'];
  }

  function scalarCode({ name, expression, grouping, spanned }: Plan['scalars'][number]): string[] {
    hold(grouping.groups === 1 ? null : spanned.join());
    const value = blocks.use(expression);
    const body = [...blocks.end('group'), `scalars.${name}[group] = ${value};`];
    hold(null);
    return [
      ...blocks.take('call'),
      `for (let group = 0; group < ${groupsCode(spanned)}; group++) {`,
      ...indented(body),
      '}',
    ];
  }

  function leafOf(node: Node): Leaf | undefined {
    switch (node.kind) {
      case 'input':
        if (node.name === 'noise') return { level: 'element', code: 'noiseAt(i, state.seed)' };
        return {
          level: 'element',
          code: `inputs.${node.name}[${node.name === 'upstream' ? partIndex(node.part) : 'i'}]`,
        };
      case 'parameter': {
        const kept = new Set(parameterAxes(node.name, plan.layout));
        const { level, subscript } = placeOf(shape.flatMap((_, axis) => (kept.has(axis) ? [] : [axis])));
        return { level, code: `parameters.${node.name}[${subscript}]` };
      }
      case 'state': {
        const { level, subscript } = placeOf(extentAxes(node.extent, plan.layout));
        return { level, code: `state.${node.name}[${subscript}]` };
      }
      case 'size':
        return { level: 'call', code: groupSizeCode(extentAxes(node.extent, plan.layout)) };
    }
    if (!isStatistic(node)) return undefined;
    const accumulator = accumulators.get(node) as Accumulator;
    const { grouping, spanned } = accumulator.gather;
    if (held === spanned.join() && accumulator.subscript === '') {
      return { level: 'group', code: statisticCode(accumulator, node, groupSizeCode(spanned)) };
    }
    const { level, subscript } = placeOf(spanned);
    const placed = { ...accumulator, subscript: grouping.groups === 1 ? '' : `[${subscript}]` };
    return { level, code: statisticCode(placed, node, groupSizeCode(spanned)) };
  }

  /** Where the current element of a part stands; see `Placement`. */
  function partIndex(part: number): string {
    const { parts, block } = plan.placement;
    if (parts === 1) return 'i';
    const size = sizeCode('block', block);
    if (block === plan.length) return part === 0 ? 'i' : `i + ${part} * ${size}`;
    const before = `Math.floor(i / ${size})${parts === 2 ? '' : ` * ${parts - 1}`}`;
    return `i + ${part === 0 ? before : `(${before} + ${part})`} * ${size}`;
  }

  /** Where the value of the current element's group stands in an array of one value per group. */
  function placeOf(spanned: readonly number[]): { level: Leaf['level']; subscript: string } {
    const grouping = groupingOf(shape, spanned);
    if (grouping.groups === 1) return { level: 'call', subscript: '0' };
    if (held === spanned.join()) return { level: 'group', subscript: 'group' };
    return { level: 'element', subscript: groupIndexCode(spanned) };
  }

  function groupIndexCode(spanned: readonly number[]): string {
    const terms = groupingOf(shape, spanned).dimensions.flatMap(({ length: own, stride, groupStride }, axis) => {
      const size = (role: string, value: number): string => sizeCode(`${role}${axis}/${spanned}`, value);
      if (groupStride === 0) return [];
      const quotient = stride === 1 ? 'i' : `Math.floor(i / ${size('stride', stride)})`;
      const position = own * stride === plan.length ? quotient : `${quotient} % ${size('length', own)}`;
      return groupStride === 1 ? [`(${position})`] : [`(${position}) * ${size('groupStride', groupStride)}`];
    });
    return terms.join(' + ');
  }

  function open(gather: Gather): Accumulator {
    return register(gather, gather.grouping.groups === 1 ? '' : `[${groupIndexCode(gather.spanned)}]`);
  }

  function register(gather: Gather, subscript: string): Accumulator {
    const existing = accumulators.get(gather.statistics[0] as Statistic);
    const accumulator = { gather, name: existing?.name ?? `g${accumulators.size}`, subscript };
    for (const statistic of gather.statistics) accumulators.set(statistic, accumulator);
    return accumulator;
  }

  /** Reads a length or stride by its role, so that the text does not depend on the value. */
  function sizeCode(role: string, value: number): string {
    const known = sizeNames.get(role);
    if (known !== undefined) return known;
    const name = sizeNames.size === 0 ? role : `n${sizeNames.size}`;
    sizeNames.set(role, name);
    sizes.push(value);
    return name;
  }

  function groupsCode(spanned: readonly number[]): string {
    return sizeCode(`groups/${spanned}`, groupingOf(shape, spanned).groups);
  }

  function groupSizeCode(spanned: readonly number[]): string {
    return sizeCode(`size/${spanned}`, groupingOf(shape, spanned).size);
  }

  function hold(spanned: string | null): void {
    held = spanned;
    blocks.regroup();
  }
}

const spannedKey = (gathers: readonly Gather[]): string => gathers[0]?.spanned.join() ?? '';
const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
