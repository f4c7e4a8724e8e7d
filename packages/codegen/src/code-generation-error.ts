import { IsoactError } from '@isoact/core';

/** Generated code was refused by the page's Content-Security-Policy. */
export class CodeGenerationError extends IsoactError {
  override readonly name: string = 'CodeGenerationError';
}
