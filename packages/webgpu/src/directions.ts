/** From an activation to a program on a device, one direction at a time. */
import { type Device, generateProgram, type Program } from '@isoact/codegen';
import { type Activation, type Direction, elementCount, mustBe, type TensorSpec, UnsupportedError } from '@isoact/core';
import { gpuTarget, plan } from '@isoact/core/plan';
import { describeDevice, subgroupSize } from './device.ts';
import { createInstance, type ProgramInstance } from './instance.ts';
import type { KernelDirection, KernelOptions } from './kernel.ts';
import type { KernelDtype } from './transfers.ts';

/** Plans and generates one direction, and compiles it. */
export function instantiate(
  device: GPUDevice,
  activation: Activation,
  spec: TensorSpec,
  direction: Direction,
  options: KernelOptions,
  facts: Pick<Device, 'convertsHalves'>,
): Promise<ProgramInstance> {
  return createInstance(device, generate(device, activation, spec, direction, options, facts));
}

/** The kernels of one direction, for this device. */
function generate(
  device: GPUDevice,
  activation: Activation,
  spec: TensorSpec,
  direction: Direction,
  options: KernelOptions,
  found: Pick<Device, 'convertsHalves'>,
): Program {
  const planned = plan(activation, spec, direction, gpuTarget);
  const {
    barriers = !describeDevice(device).software,
    bindingBytes = device.limits.maxStorageBufferBindingSize,
    tuning = {},
  } = options;
  const most = device.limits.maxStorageBuffersPerShaderStage;
  const facts = {
    avoidsBarriers: !barriers,
    storageBuffers: most,
    bindingBytes,
    subgroup: subgroupSize(device),
    tuning,
    ...found,
  };
  const program = generateProgram(planned, facts, spec.dtype as KernelDtype);
  for (const { label, bindings } of program.kernels) {
    if (bindings.length > most) {
      throw new UnsupportedError(
        mustBe(
          `the storage buffers of ${activation.name} ${label}`,
          `at most ${most}`,
          bindings.length,
          'Let fewer parameters train.',
        ),
      );
    }
  }
  return program;
}

/** One direction, as planned and generated. */
export function describe({ program }: ProgramInstance, spec: TensorSpec): KernelDirection {
  const { plan: planned, kernels } = program;
  const values = planned.valuesRead + planned.valuesWritten;
  return {
    plan: planned,
    passes: planned.passes.length,
    dispatches: kernels.length,
    bytes: values * elementCount(spec.shape) * (spec.dtype === 'float16' ? 2 : 4),
    code: kernels.map(({ code }) => code),
  };
}
