/** GPU errors are reported to whoever asks; these functions ask. */
import { DeviceError } from '@isoact/core';

const filters: readonly GPUErrorFilter[] = ['validation', 'out-of-memory', 'internal'];
const remedies: Readonly<Record<GPUErrorFilter, string>> = {
  validation: 'This is a defect of isoact or of the buffers given to it.',
  'out-of-memory': 'Use a smaller tensor, or dispose of what is no longer used.',
  internal: 'The driver failed; a smaller tensor or a newer driver may help.',
};

const losses = new WeakMap<GPUDevice, { lost: GPUDeviceLostInfo | null }>();

/** Remembers the loss of a device. */
export function watchLoss(device: GPUDevice): { lost: GPUDeviceLostInfo | null } {
  let state = losses.get(device);
  if (!state) {
    const created: { lost: GPUDeviceLostInfo | null } = { lost: null };
    state = created;
    losses.set(device, created);
    void device.lost.then((info) => {
      created.lost = info;
    });
  }
  return state;
}

/** @throws DeviceError if the device is lost. */
export function checkNotLost(device: GPUDevice): void {
  const { lost } = watchLoss(device);
  if (lost) throw lossError(lost);
}

const lossError = ({ reason, message }: GPUDeviceLostInfo): DeviceError =>
  new DeviceError(
    `the GPU device must be in use (was lost, ${reason}: ${message}). Request a new one and compile again.`,
  );

/**
 * Runs work that the device may fail at and turns its errors into exceptions. The work submits its commands before
 * its first wait: errors of commands submitted later belong to others.
 */
export async function guarded<T>(device: GPUDevice, subject: string, work: () => Promise<T> | T): Promise<T> {
  checkNotLost(device);
  for (const filter of filters) device.pushErrorScope(filter);
  let result: Promise<T>;
  try {
    result = Promise.resolve(work());
  } catch (error) {
    result = Promise.reject(error);
  }
  result.catch(() => {}); // looked at below, after the device's own errors, which say more
  const errors = await Promise.all([...filters].reverse().map((filter) => popError(device, subject, filter)));
  const failure = errors.find((error) => error !== null);
  try {
    const value = await result;
    if (failure) throw failure;
    return value;
  } catch (error) {
    // what fails because the device is lost can fail a moment before the loss is reported
    await Promise.race([device.lost, new Promise((resolve) => setTimeout(resolve, 10))]);
    checkNotLost(device);
    throw failure ?? error;
  }
}

async function popError(device: GPUDevice, subject: string, filter: GPUErrorFilter): Promise<DeviceError | null> {
  const error = await device.popErrorScope().catch(() => null); // a lost device has no scopes
  return (
    error &&
    new DeviceError(`${subject} must run on the device (was refused, ${filter}: ${error.message}). ${remedies[filter]}`)
  );
}
