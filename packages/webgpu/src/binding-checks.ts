/** What a caller binds to a kernel, checked before any command is recorded. */
import { type ElementRange, bytesOf as elementBytes } from '@isoact/codegen';
import {
  type Activation,
  checkParameter,
  DeviceError,
  elementCount,
  gradientNames,
  mustBe,
  outputShape,
  ParameterError,
  parameterShape,
  stateShapes,
  type TensorSpec,
} from '@isoact/core';
import type { BufferRange } from './instance.ts';
import type { BufferView, KernelParameters } from './kernel.ts';
import type { KernelDtype } from './transfers.ts';

/** The most elements that an index of 32 bits counts. */
const mostElements = 2 ** 32 - 2 ** 20;

/** @throws DeviceError for a tensor that no buffer can hold. */
export function checkSize(device: GPUDevice, activation: Activation, spec: TensorSpec): void {
  const elements = elementCount(outputShape(activation, spec));
  const bytes = elementBytes(spec.dtype as KernelDtype, elements);
  const { maxBufferSize } = device.limits;
  if (bytes > maxBufferSize || elements > mostElements) {
    const most = `at most ${maxBufferSize} bytes and ${mostElements} elements on this device`;
    throw new DeviceError(mustBe('the tensor', most, `${bytes} bytes`, 'Split it along its first axis.'));
  }
}

/** @throws ParameterError for a name or value that is not one. */
export function checkParameters(activation: Activation, spec: TensorSpec, given: KernelParameters): void {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(activation.parameters, name)) {
      throw new ParameterError(
        mustBe(
          `a parameter of ${activation.name}`,
          `one of ${Object.keys(activation.parameters).join(', ') || 'none'}`,
          name,
        ),
      );
    }
    if (spec.parameterShapes?.[name]) {
      if (typeof value === 'number')
        throw new ParameterError(
          mustBe(`${activation.name}'s ${name}`, 'a buffer, since the spec gives it a shape', value),
        );
    } else checkParameter(activation, name, value);
  }
}

export const asView = (value: number | BufferView | undefined): BufferView | undefined =>
  typeof value === 'number' ? undefined : value;

/** The part of a tensor's range that a kernel is bound to. */
export function partOf(range: BufferRange, part: ElementRange | undefined, dtype: KernelDtype): BufferRange {
  if (!part) return range;
  const start = elementBytes(dtype, part.start);
  return { buffer: range.buffer, offset: range.offset + start, size: elementBytes(dtype, part.length) };
}

/** Bytes that a binding must have. */
export function bindingBytes(activation: Activation, spec: TensorSpec, kind: string, name: string): number {
  if (kind === 'input' || kind === 'output') {
    const shape = name === 'x' ? spec.shape : outputShape(activation, spec);
    return elementBytes(spec.dtype as KernelDtype, elementCount(shape));
  }
  if (kind === 'parameter' || (gradientNames(activation, spec).includes(name) && name !== 'penalty')) {
    return elementCount(parameterShape(name, spec)) * 4;
  }
  return elementCount(stateShapes(activation, spec)[name] ?? []) * 4;
}

/** The range of a caller's buffer. @throws DeviceError where it does not fit. */
export function rangeOf(device: GPUDevice, subject: string, view: BufferView | undefined, bytes: number): BufferRange {
  if (!view) throw new ParameterError(mustBe(`the buffer of ${subject}`, 'given', undefined));
  const { buffer, offset = 0, size } = 'buffer' in view ? view : { buffer: view };
  const available = size ?? buffer.size - offset;
  const alignment = device.limits.minStorageBufferOffsetAlignment;
  if (offset % alignment !== 0)
    throw new DeviceError(mustBe(`the offset of ${subject}`, `a multiple of ${alignment}`, offset));
  if (available < bytes) throw new DeviceError(mustBe(`the bytes of ${subject}`, `at least ${bytes}`, available));
  return { buffer, offset, size: bytes };
}
