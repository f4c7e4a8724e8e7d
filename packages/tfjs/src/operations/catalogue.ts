/** Each activation of the catalogue as an operation; a line each, so that a bundle holds those that are imported. */
import * as definitions from '@isoact/core';
import { type Operation, operation } from './operation.ts';

export const adaRelu: Operation<typeof definitions.adaRelu> = operation(definitions.adaRelu);
export const elu: Operation<typeof definitions.elu> = operation(definitions.elu);
export const gelu: Operation<typeof definitions.gelu> = operation(definitions.gelu);
export const leakyRelu: Operation<typeof definitions.leakyRelu> = operation(definitions.leakyRelu);
export const prelu: Operation<typeof definitions.prelu> = operation(definitions.prelu);
export const relu: Operation<typeof definitions.relu> = operation(definitions.relu);
export const swish: Operation<typeof definitions.swish> = operation(definitions.swish);
export const velu: Operation<typeof definitions.velu> = operation(definitions.velu);
