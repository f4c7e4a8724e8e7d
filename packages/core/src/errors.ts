/** The errors of isoact, one class per kind. Every message reads "subject must be X (was Y). Remedy." */

export class IsoactError extends Error {
  // Written out in each class: a bundler that minifies renames the classes themselves.
  override readonly name: string = 'IsoactError';
}

/** An activation's definition contradicts itself. */
export class DefinitionError extends IsoactError {
  override readonly name: string = 'DefinitionError';
}
/** An option or parameter is unknown, or outside of its domain. */
export class ParameterError extends IsoactError {
  override readonly name: string = 'ParameterError';
}
/** A shape, axis or length does not fit. */
export class ShapeError extends IsoactError {
  override readonly name: string = 'ShapeError';
}
/** The data type is not one that can be used here. */
export class DtypeError extends IsoactError {
  override readonly name: string = 'DtypeError';
}
/** The backend cannot do what was asked, on any input. */
export class UnsupportedError extends IsoactError {
  override readonly name: string = 'UnsupportedError';
}
/** The backend cannot be had on this machine: no device, or a runtime that is not installed. */
export class UnavailableError extends IsoactError {
  override readonly name: string = 'UnavailableError';
}
/** The device failed at its work: lost, out of memory, or an error of its driver. */
export class DeviceError extends IsoactError {
  override readonly name: string = 'DeviceError';
}
/** A backend, kernel or buffer was used after its end. */
export class DisposedError extends IsoactError {
  override readonly name: string = 'DisposedError';
}

/** Throws an error of a class with such a message. */
export function refuse(
  ErrorClass: new (message: string) => Error,
  subject: string,
  requirement: string,
  actual: unknown,
  remedy?: string,
): never {
  throw new ErrorClass(mustBe(subject, requirement, actual, remedy));
}

/** The one form of a message: `subject must be requirement (was actual). Remedy.` */
export function mustBe(subject: string, requirement: string, actual: unknown, remedy?: string): string {
  return `${subject} must be ${requirement} (was ${show(actual)}).${remedy ? ` ${remedy}` : ''}`;
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return value.constructor?.name ?? 'an object';
  if (typeof value === 'function') return `the function ${value.name}`;
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The requirement to be one of some names. */
export const anyOf = (names: readonly string[]): string =>
  (names.length > 1 ? 'one of ' : '') + (names.map((name) => JSON.stringify(name)).join(', ') || 'none');
