/** Each activation of the catalogue as an operation; a line each, so that a bundle holds those that are imported. */
import * as definitions from '@isoact/core';
import { type Operation, operation } from './operation.ts';

export const adaRelu: Operation<typeof definitions.adaRelu> = operation(definitions.adaRelu);
export const celu: Operation<typeof definitions.celu> = operation(definitions.celu);
export const convRelu: Operation<typeof definitions.convRelu> = operation(definitions.convRelu);
export const dyRelu: Operation<typeof definitions.dyRelu> = operation(definitions.dyRelu);
export const elu: Operation<typeof definitions.elu> = operation(definitions.elu);
export const gelu: Operation<typeof definitions.gelu> = operation(definitions.gelu);
export const geluTanh: Operation<typeof definitions.geluTanh> = operation(definitions.geluTanh);
export const hardSigmoid: Operation<typeof definitions.hardSigmoid> = operation(definitions.hardSigmoid);
export const hardSwish: Operation<typeof definitions.hardSwish> = operation(definitions.hardSwish);
export const leakyRelu: Operation<typeof definitions.leakyRelu> = operation(definitions.leakyRelu);
export const mish: Operation<typeof definitions.mish> = operation(definitions.mish);
export const prelu: Operation<typeof definitions.prelu> = operation(definitions.prelu);
export const relu: Operation<typeof definitions.relu> = operation(definitions.relu);
export const relu6: Operation<typeof definitions.relu6> = operation(definitions.relu6);
export const rrelu: Operation<typeof definitions.rrelu> = operation(definitions.rrelu);
export const selu: Operation<typeof definitions.selu> = operation(definitions.selu);
export const sigmoid: Operation<typeof definitions.sigmoid> = operation(definitions.sigmoid);
export const softplus: Operation<typeof definitions.softplus> = operation(definitions.softplus);
export const softsign: Operation<typeof definitions.softsign> = operation(definitions.softsign);
export const swish: Operation<typeof definitions.swish> = operation(definitions.swish);
export const tanh: Operation<typeof definitions.tanh> = operation(definitions.tanh);
export const velu: Operation<typeof definitions.velu> = operation(definitions.velu);
