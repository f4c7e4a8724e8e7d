/** tfjs behind the adapter contract: host arrays in and out. */
import {
  type Activation,
  type ActivationBackend,
  type Capabilities,
  type CompiledActivation,
  checkSpec,
  type Data,
  DisposedError,
  type ForwardInputs,
  inputChecker,
  mustBe,
  ParameterError,
  parameterValues,
  type State,
  type TensorSpec,
  type VjpInputs,
} from '@isoact/core';
import { engine, tensor, tidy } from '@tensorflow/tfjs-core';
import { inputSlots, type KernelCall, outputSlots, type Slot } from '../kernels/call.ts';
import { type Form, runKernel } from '../kernels/register.ts';
import { checkOnWebGpu } from '../kernels/webgpu.ts';
import { capabilities } from './capabilities.ts';
import { deviceInfo } from './device-info.ts';
import { type BackendName, backendNames, initialize, withBackend } from './peers.ts';
import { watchDevice } from './watch-device.ts';

export interface BackendOptions {
  readonly backend: BackendName;
  /** 'composed' runs tfjs operations in place of fused kernels; for comparisons. */
  readonly form?: Form;
}

/**
 * tfjs as a backend of isoact. The backend of tfjs is initialised where it is not yet, and the one that is current
 * stays so.
 *
 * @throws UnavailableError where the backend's package is not installed, or the machine cannot run it.
 */
export async function createBackend({ backend, form = 'fused' }: BackendOptions): Promise<ActivationBackend> {
  if (!backendNames.includes(backend)) {
    const names = backendNames.map((name) => JSON.stringify(name)).join(', ');
    throw new ParameterError(mustBe('backend', `one of ${names}`, backend));
  }
  await initialize(backend);
  const supports = capabilities[backend];
  let disposed = false;
  return {
    name: form === 'composed' ? `tfjs-${backend}-composed` : `tfjs-${backend}`,
    device: deviceInfo(backend),
    supports,
    compile: async (activation, spec) => {
      if (disposed) throw new DisposedError(mustBe(`tfjs-${backend}`, 'in use', 'disposed'));
      return compile(activation, spec, backend, form, supports);
    },
    dispose: async () => {
      disposed = true;
    },
  };
}

function compile(
  activation: Activation,
  spec: TensorSpec,
  backend: BackendName,
  form: Form,
  supports: Capabilities,
): CompiledActivation {
  checkSpec(activation, spec, `tfjs-${backend}`, supports.dtypes);
  const tensorParameters = Object.keys(spec.parameterShapes ?? {});
  const forwardCall: KernelCall = { activation, spec, direction: 'forward', tensorParameters };
  if (backend === 'webgpu' && form === 'fused') {
    const device = engine().findBackend(backend);
    for (const direction of ['forward', 'vjp'] as const) checkOnWebGpu({ ...forwardCall, direction }, device);
  }
  const checkInputs = inputChecker(activation, spec);
  let disposed = false;

  const run = async (
    direction: KernelCall['direction'],
    inputs: ForwardInputs | VjpInputs,
  ): Promise<Map<Slot, Data>> => {
    if (disposed) throw new DisposedError(mustBe(`compiled ${activation.name}`, 'in use', 'disposed'));
    checkInputs(inputs);
    // parameters with a shape come as tensors even where they are not given: their number is repeated
    const parameters = parameterValues(activation, spec, inputs.parameters);
    const given = { ...inputs, parameters };
    const scalars = Object.entries(parameters).filter(([name]) => !tensorParameters.includes(name));
    const numbers = Object.fromEntries(scalars.map(([name, values]) => [name, values[0] as number]));
    const own = { ...activation.parameters, ...numbers };
    const seed = inputs.state?.seed as Uint32Array | undefined; // checked above
    const call: KernelCall = {
      ...forwardCall,
      activation: { ...activation, parameters: own },
      direction,
      ...(seed && { seed: Uint32Array.from(seed) }),
    };
    const device = watchDevice(backend);
    const outputs = withBackend(backend, () =>
      tidy(() => {
        const tensors = inputSlots(call).map((slot) => tensor(valuesOf(slot, given), [...slot.shape], 'float32'));
        return runKernel(call, tensors, form);
      }),
    );
    try {
      const read = await Promise.all(outputs.map((output) => output.data()));
      device.check();
      return new Map(outputSlots(call).map((slot, k) => [slot, Float32Array.from(read[k] as Float32Array)]));
    } finally {
      for (const output of outputs) output.dispose();
      device.release();
    }
  };

  const shapes = outputSlots(forwardCall);
  return {
    outputs: Object.fromEntries(shapes.map(({ name, shape }) => [name, { shape }])),
    forward: async (inputs) => {
      const slots = [...(await run('forward', inputs))];
      const penalty = slots.find(([{ kind }]) => kind === 'parameter')?.[1];
      const state: State = Object.fromEntries(
        slots.flatMap(([{ kind, name }, values]) => (kind === 'state' ? [[name, values]] : [])),
      );
      return {
        y: slots[0]?.[1] as Data,
        ...(penalty && { penalty: penalty[0] as number }),
        ...(Object.keys(state).length > 0 && { state }),
      };
    },
    vjp: async (inputs) => {
      const [[, x], ...parameters] = [...(await run('vjp', inputs))] as [[Slot, Data], ...[Slot, Data][]];
      return { x, parameters: Object.fromEntries(parameters.map(([{ name }, values]) => [name, values])) };
    },
    dispose: () => {
      disposed = true;
    },
  };
}

/** The values of a tensor of the call, in memory of their own: tfjs keeps the array that it is given. */
function valuesOf({ kind, name }: Slot, inputs: ForwardInputs | VjpInputs): Float32Array {
  const upstream = 'upstream' in inputs ? inputs.upstream : undefined;
  if (kind === 'state') return Float32Array.from(inputs.state?.[name] as Data);
  if (kind === 'element') return Float32Array.from(name === 'x' ? inputs.x : (upstream?.y as Data));
  const values = inputs.parameters?.[name];
  return values ? Float32Array.from(values) : Float32Array.of(upstream?.penalty ?? 0);
}
