import { IsoactError } from '@isoact/core';

/** A file is not a model that can be read. */
export class ModelError extends IsoactError {
  override readonly name: string = 'ModelError';
}
