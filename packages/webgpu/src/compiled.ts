/** One compiled activation behind the host-array door. */
import {
  type Activation,
  allocate,
  type CheckInputs,
  type CompiledActivation,
  type Data,
  DisposedError,
  elementCount,
  type ForwardInputs,
  gradientNames,
  mustBe,
  numericState,
  outputShape,
  parameterShape,
  parameterValues,
  type Shape,
  stateShapes,
  type TensorSpec,
} from '@isoact/core';
import { checkNotLost, guarded } from './errors.ts';
import { createHostBuffers } from './host-buffers.ts';
import { type ActivationKernel, createKernel, type KernelOptions, type KernelParameters } from './kernel.ts';
import { type KernelDtype, transfers } from './transfers.ts';

export async function compile(
  device: GPUDevice,
  activation: Activation,
  spec: TensorSpec,
  options: KernelOptions,
  check: CheckInputs,
  onDispose: () => void,
): Promise<CompiledActivation> {
  const forwardKernel = await createKernel(device, activation, spec, { ...options, gradients: false });
  let vjpKernel: Promise<ActivationKernel> | null = null;
  const buffers = createHostBuffers(device, activation.name);
  const length = elementCount(spec.shape);
  const states = stateShapes(activation, spec);
  const gradients = gradientNames(activation, spec);
  const { elementBytes, toElements, toNumbers, fromElements, fromNumbers } = transfers[spec.dtype as KernelDtype];
  const isArray = (name: string): boolean => spec.parameterShapes?.[name] !== undefined;
  let disposed = false;
  let last: Promise<unknown> = Promise.resolve();

  /** Calls share buffers, so each waits for the one before. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  };
  const begin: CheckInputs = (inputs) => {
    if (disposed) throw new DisposedError(mustBe(`compiled ${activation.name}`, 'in use', 'disposed'));
    checkNotLost(device);
    check(inputs);
  };

  /** Parameters as the kernel takes them: numbers, or buffers where the spec gives them a shape. */
  const bindParameters = (given: ForwardInputs['parameters']): KernelParameters =>
    Object.fromEntries(
      Object.entries(parameterValues(activation, spec, given)).map(([name, values]) => [
        name,
        isArray(name) ? buffers.upload(`parameter ${name}`, toNumbers(values)) : (toNumbers(values)[0] as number),
      ]),
    );
  const bindState = (given: ForwardInputs['state']) =>
    Object.fromEntries(
      Object.entries(numericState(given)).map(([name, values]) => [
        name,
        buffers.upload(`state ${name}`, toNumbers(values)),
      ]),
    );

  return {
    outputs: {
      y: { shape: outputShape(activation, spec) },
      ...(activation.forward.penalty && { penalty: { shape: [] } }),
      ...Object.fromEntries(Object.entries(states).map(([name, shape]) => [name, { shape }])),
    } as Record<string, { shape: Shape }>,

    forward: async (inputs) => {
      begin(inputs);
      const hasPenalty = activation.forward.penalty !== undefined;
      const stateNames = Object.keys(states);
      const stateData = (read: (name: string) => Data) =>
        stateNames.length > 0 ? { state: Object.fromEntries(stateNames.map((name) => [name, read(name)])) } : {};
      if (length === 0) {
        return {
          y: allocate(spec.dtype, 0),
          ...(hasPenalty && { penalty: Number.NaN }),
          ...stateData((name) => allocate(spec.dtype, elementCount(states[name] as Shape))),
        };
      }
      return inTurn(() =>
        guarded(device, `${activation.name} forward`, async () => {
          begin(inputs);
          const outputs = buffers.outputs('forward', {
            y: elementBytes(elementCount(outputShape(activation, spec))),
            ...(hasPenalty && { penalty: 4 }),
            ...Object.fromEntries(stateNames.map((name) => [`state ${name}`, 4 * elementCount(states[name] as Shape)])),
          });
          const encoder = device.createCommandEncoder();
          forwardKernel.encode(encoder, {
            x: buffers.upload('x', toElements(inputs.x)),
            y: outputs.buffer('y'),
            ...(hasPenalty && { penalty: outputs.buffer('penalty') }),
            parameters: bindParameters(inputs.parameters),
            state: bindState(inputs.state),
            ...(inputs.state?.seed && { seed: inputs.state.seed }),
            newState: Object.fromEntries(stateNames.map((name) => [name, outputs.buffer(`state ${name}`)])),
          });
          const results = await outputs.read(encoder);
          return {
            y: fromElements(results('y')),
            ...(hasPenalty && { penalty: new Float32Array(results('penalty'))[0] as number }),
            ...stateData((name) => fromNumbers(results(`state ${name}`))),
          };
        }),
      );
    },

    vjp: async ({ upstream, ...inputs }) => {
      begin({ ...inputs, upstream });
      const lengths = Object.fromEntries(gradients.map((name) => [name, elementCount(parameterShape(name, spec))]));
      if (length === 0) {
        return {
          x: allocate(spec.dtype, 0),
          parameters: Object.fromEntries(
            gradients.map((name) => [name, allocate(spec.dtype, lengths[name] as number)]),
          ),
        };
      }
      return inTurn(async () => {
        vjpKernel ??= createKernel(device, activation, spec, options);
        const kernel = await vjpKernel;
        return guarded(device, `${activation.name} vjp`, async () => {
          begin({ ...inputs, upstream });
          const outputs = buffers.outputs('vjp', {
            x: elementBytes(length),
            ...Object.fromEntries(gradients.map((name) => [`gradient ${name}`, 4 * (lengths[name] as number)])),
          });
          const encoder = device.createCommandEncoder();
          kernel.encodeVjp(encoder, {
            x: buffers.upload('x', toElements(inputs.x)),
            upstream: buffers.upload('upstream', toElements(upstream.y)),
            upstreamPenalty: upstream.penalty ?? 0,
            gradient: outputs.buffer('x'),
            parameterGradients: Object.fromEntries(gradients.map((name) => [name, outputs.buffer(`gradient ${name}`)])),
            parameters: bindParameters(inputs.parameters),
            state: bindState(inputs.state),
            ...(inputs.state?.seed && { seed: inputs.state.seed }),
          });
          const results = await outputs.read(encoder);
          return {
            x: fromElements(results('x')),
            parameters: Object.fromEntries(gradients.map((name) => [name, fromNumbers(results(`gradient ${name}`))])),
          };
        });
      });
    },

    dispose() {
      if (disposed) return;
      disposed = true;
      onDispose();
      forwardKernel.dispose();
      vjpKernel?.then(
        (kernel) => kernel.dispose(),
        () => {},
      );
      buffers.destroy();
    },
  };
}
