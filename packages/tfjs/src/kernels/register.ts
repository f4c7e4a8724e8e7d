/**
 * The two kernels, forward and vector-Jacobian product, that every activation runs through, and their registration
 * with tfjs: once per backend, when it is first used, so that importing this package does nothing.
 */
import { CodeGenerationError } from '@isoact/codegen';
import { mustBe, ParameterError, UnsupportedError } from '@isoact/core';
import {
  type Attribute,
  engine,
  type GradConfig,
  getGradient,
  getKernel,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorMap,
  registerGradient,
  registerKernel,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { inputSlots, type KernelCall } from './call.ts';
import { runComposed } from './composed.ts';
import { runOnCpu } from './cpu.ts';
import { runOnWasm } from './wasm.ts';
import { canRunOnWebGl, runOnWebGl } from './webgl.ts';
import { runOnWebGpu } from './webgpu.ts';

/** Whether a call runs as one kernel or as tfjs operations; a backend without fused kernels composes anyway. */
export type Form = 'fused' | 'composed';

type Runner = (call: KernelCall, inputs: readonly TensorInfo[], backend: object) => TensorInfo[];

/** The fused kernels there are. */
const runners: Readonly<Record<string, Runner>> = {
  cpu: runOnCpu,
  wasm: runOnWasm,
  webgl: runOnWebGl,
  webgpu: runOnWebGpu,
};

const kernelNames = { forward: 'IsoactForward', vjp: 'IsoactVjp' } as const;

/** Runs a call on tfjs's current backend; a forward is recorded on tfjs's tape as one node. */
export function runKernel(call: KernelCall, inputs: readonly Tensor[], form: Form): Tensor[] {
  register();
  // the engine takes an array of inputs where it reads a record, as tf.concat does; its type does not say so
  const asRecord = inputs as unknown as NamedTensorMap;
  const result: unknown = engine().runKernel(kernelNames[call.direction], asRecord, attributesOf(call, form));
  return Array.isArray(result) ? result : [result as Tensor];
}

/** Attributes are typed as plain data; the engine hands them on as they are. */
const attributesOf = (call: KernelCall, form: Form): NamedAttrMap => ({ call: call as unknown as Attribute, form });
const callOf = (attributes: NamedAttrMap | undefined): { call: KernelCall; form: Form } =>
  attributes as unknown as { call: KernelCall; form: Form };

function register(): void {
  const { backendName } = engine();
  for (const kernelName of Object.values(kernelNames)) {
    if (getKernel(kernelName, backendName)) continue;
    registerKernel({ kernelName, backendName, kernelFunc: kernelFunction(runnerOf(backendName)) });
  }
  if (getGradient(kernelNames.forward)) return;
  registerGradient(forwardGradient);
  registerGradient(secondGradient);
}

const runnerOf = (backendName: string): Runner | undefined =>
  backendName === 'webgl' && !canRunOnWebGl() ? undefined : runners[backendName];

const kernelFunction =
  (runner: Runner | undefined): KernelFunc =>
  ({ inputs, attrs, backend }) => {
    const { call, form } = callOf(attrs);
    const tensors = inputs as unknown as readonly Tensor[];
    if (!runner || form === 'composed') return runComposed(call, tensors);
    try {
      return runner(call, tensors, backend);
    } catch (error) {
      // a Content-Security-Policy without 'unsafe-eval' refuses generated JavaScript
      if (error instanceof CodeGenerationError) return runComposed(call, tensors);
      throw error;
    }
  };

/** The backward runs at once: a thunk that ran it later would find its tensors disposed. */
const forwardGradient: GradConfig = {
  kernelName: kernelNames.forward,
  saveAllInputs: true,
  gradFunc: (dys, saved, attributes) => {
    const { call, form } = callOf(attributes);
    const { activation, spec, tensorParameters } = call;
    const [upstream, penalty] = Array.isArray(dys) ? dys : [dys];
    const [x, ...others] = saved as [Tensor, ...Tensor[]];
    const upstreams = activation.forward.penalty ? [upstream, penalty] : [upstream];
    const trained = tensorParameters.filter((name) => activation.trainable.includes(name));
    const backward: KernelCall = { ...call, direction: 'vjp', spec: { ...spec, parameterGradients: trained } };
    const gradients = runKernel(backward, [x, ...(upstreams as Tensor[]), ...others], form);

    const thunks = inputSlots(call).map(({ kind, name }) => () => {
      if (kind === 'element') return gradients[0] as Tensor;
      if (kind === 'parameter' && trained.includes(name)) return gradients[1 + trained.indexOf(name)] as Tensor;
      const trainable = activation.trainable.map((each) => JSON.stringify(each)).join(', ');
      throw new ParameterError(
        mustBe(
          `a tensor that ${activation.name} is differentiated by`,
          `x or a trainable parameter (${trainable || 'it has none'})`,
          name,
          'Pass a number, or a tensor that nothing is differentiated by.',
        ),
      );
    });
    return Object.fromEntries(thunks.entries());
  },
};

const secondGradient: GradConfig = {
  kernelName: kernelNames.vjp,
  gradFunc: (_, __, attributes) => {
    const { name } = callOf(attributes).call.activation;
    throw new UnsupportedError(
      mustBe(
        `the order of a gradient of ${name}`,
        '1',
        2,
        'Write the function with tfjs operations where its second derivative is needed.',
      ),
    );
  },
};
