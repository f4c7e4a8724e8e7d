/** What a backend does besides computing: it writes every output, leaves its inputs alone, and says the same twice. */
import type { CompiledActivation, Data, TensorSpec } from '../../adapter.ts';
import { bytesOf, sameBits } from '../bytes.ts';
import type { CallData, CallResult, Case, CaseContext, CaseGroup, CompileAgain, Probe } from '../case.ts';
import { ask, callData } from './arrange.ts';
import { tableLength, tableSpec } from './quick.ts';
import { byTurns, isFirstType } from './turns.ts';

/** Of further data types a quick run asks some: what a backend does besides computing, it does in all types alike. */
export const integrity: CaseGroup = (context) =>
  isFirstType(context) ? everything(context) : byTurns(context, 'integrity', everything(context), 1);

const everything = (context: CaseContext): { readonly name: string; readonly run: Case['run'] }[] => [
  { name: 'inputs stay as they are', run: (probe) => inputsUnmutated(probe, context) },
  {
    name: 'repeats give the same bits, written anew, and leave the first alone',
    run: (probe) => repeated(probe, context),
  },
  { name: 'calls at the same time', run: (probe) => concurrent(probe, context) },
  { name: 'refusals', run: (probe) => refusals(probe, context) },
];

const specOf = ({ format }: CaseContext): TensorSpec => tableSpec(format);
const length = tableLength;

function ordinary(context: CaseContext, probe: Probe): CallData {
  const x = Float64Array.from({ length }, () => 2 * probe.random.normal());
  return callData(probe, context.direction, context.activation, specOf(context), x);
}

async function inputsUnmutated(probe: Probe, context: CaseContext): Promise<void> {
  const { activation, direction, format } = context;
  const parameters = Object.fromEntries(
    Object.entries(activation.parameters).map(([name, value]) => [name, format.fromNumbers([value])]),
  );
  const data = { ...ordinary(context, probe), parameters };
  const inputs: Record<string, Data | undefined> = { x: data.x, 'upstream.y': data.upstream?.y, ...parameters };
  const before = Object.entries(inputs).map(
    ([name, values]) => [name, values, values && bytesOf(values).slice()] as const,
  );
  await probe.call(direction, activation, specOf(context), data);
  for (const [name, values, bytes] of before) {
    if (values && bytes && !sameBits(values, bytes))
      probe.fail(`input ${name} must stay as it is (was changed by the call)`);
  }
}

/**
 * The same call again, at once and after others that leave NaN and a constant wherever the backend keeps its memory: all
 * outputs are written anew, and the result of the first call lies elsewhere.
 */
async function repeated(probe: Probe, context: CaseContext): Promise<void> {
  const { activation, direction } = context;
  const spec = specOf(context);
  const data = ordinary(context, probe);
  const first = await probe.call(direction, activation, spec, data);
  const copies = first && copyOf(first);
  for (const poison of context.quick ? [null, 7] : [null, Number.NaN, 7]) {
    if (poison !== null) await ask(probe, direction, activation, spec, new Float64Array(length).fill(poison));
    const again = await probe.call(direction, activation, spec, data);
    const different = copies && again && differs(copies, again);
    if (different) probe.fail(`a repeated call must give the same bits (was different in ${different})`);
  }
  if (first && copies && differs(first, copies))
    probe.fail('a result must stay as it was (was overwritten by the next call)');
}

async function concurrent(probe: Probe, context: CaseContext): Promise<void> {
  const calls = Array.from({ length: context.quick ? 2 : 3 }, () => ordinary(context, probe));
  await probe.callTogether(context.direction, context.activation, specOf(context), calls);
}

async function refusals(probe: Probe, context: CaseContext): Promise<void> {
  const { activation, direction, format } = context;
  const spec = specOf(context);
  const data = ordinary(context, probe);
  const invoked = (compiled: CompiledActivation, given: CallData) =>
    direction === 'forward'
      ? compiled.forward(given)
      : compiled.vjp({ ...given, upstream: given.upstream ?? { y: data.x } });
  // one for all: compiling can take longer than all else
  let own: Promise<CompiledActivation> | null = null;
  const call = (given: CallData) => async (compile: CompileAgain) => {
    own ??= compile(activation, spec);
    return invoked(await own, given);
  };
  await probe.mustRefuse('x of another length', 'ShapeError', call({ ...data, x: format.allocate(length - 1) }));
  const other = format.dtype === 'float32' ? new Float64Array(length) : new Float32Array(length);
  await probe.mustRefuse('x of another data type', 'DtypeError', call({ ...data, x: other }));
  await probe.mustRefuse(
    'an unknown parameter',
    'ParameterError',
    call({ ...data, parameters: { nonesuch: format.allocate(1) } }),
  );
  await probe.mustRefuse('a call after dispose', 'DisposedError', async (compile) => {
    own ??= compile(activation, spec);
    const compiled = await own;
    compiled.dispose();
    return invoked(compiled, data);
  });
  await probe.mustRefuse('a negative length', 'ShapeError', (compile) => compile(activation, { ...spec, shape: [-1] }));
}

const copyOf = (result: CallResult): CallResult =>
  Object.fromEntries(Object.entries(result).map(([name, values]) => [name, values.slice()]));

/** The first output whose bits differ, or null. */
function differs(one: CallResult, two: CallResult): string | null {
  return Object.keys(one).find((name) => !sameBits(one[name] as Data, two[name] as Data)) ?? null;
}
