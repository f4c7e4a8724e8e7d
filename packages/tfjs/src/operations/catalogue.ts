/** Each activation of the catalogue as an operation; a line each, so that a bundle holds those that are imported. */
import * as definitions from '@isoact/core';
import { type Operation, operation } from './operation.ts';

export const adaRelu: Operation<typeof definitions.adaRelu> = /* @__PURE__ */ operation(definitions.adaRelu);
export const celu: Operation<typeof definitions.celu> = /* @__PURE__ */ operation(definitions.celu);
export const convRelu: Operation<typeof definitions.convRelu> = /* @__PURE__ */ operation(definitions.convRelu);
export const crelu: Operation<typeof definitions.crelu> = /* @__PURE__ */ operation(definitions.crelu);
export const dyRelu: Operation<typeof definitions.dyRelu> = /* @__PURE__ */ operation(definitions.dyRelu);
export const elu: Operation<typeof definitions.elu> = /* @__PURE__ */ operation(definitions.elu);
export const gelu: Operation<typeof definitions.gelu> = /* @__PURE__ */ operation(definitions.gelu);
export const geluTanh: Operation<typeof definitions.geluTanh> = /* @__PURE__ */ operation(definitions.geluTanh);
export const hardSigmoid: Operation<typeof definitions.hardSigmoid> = /* @__PURE__ */ operation(
  definitions.hardSigmoid,
);
export const hardSwish: Operation<typeof definitions.hardSwish> = /* @__PURE__ */ operation(definitions.hardSwish);
export const leakyRelu: Operation<typeof definitions.leakyRelu> = /* @__PURE__ */ operation(definitions.leakyRelu);
export const mish: Operation<typeof definitions.mish> = /* @__PURE__ */ operation(definitions.mish);
export const prelu: Operation<typeof definitions.prelu> = /* @__PURE__ */ operation(definitions.prelu);
export const relu: Operation<typeof definitions.relu> = /* @__PURE__ */ operation(definitions.relu);
export const relu6: Operation<typeof definitions.relu6> = /* @__PURE__ */ operation(definitions.relu6);
export const rrelu: Operation<typeof definitions.rrelu> = /* @__PURE__ */ operation(definitions.rrelu);
export const selu: Operation<typeof definitions.selu> = /* @__PURE__ */ operation(definitions.selu);
export const sigmoid: Operation<typeof definitions.sigmoid> = /* @__PURE__ */ operation(definitions.sigmoid);
export const softplus: Operation<typeof definitions.softplus> = /* @__PURE__ */ operation(definitions.softplus);
export const softsign: Operation<typeof definitions.softsign> = /* @__PURE__ */ operation(definitions.softsign);
export const swish: Operation<typeof definitions.swish> = /* @__PURE__ */ operation(definitions.swish);
export const tanh: Operation<typeof definitions.tanh> = /* @__PURE__ */ operation(definitions.tanh);
export const velu: Operation<typeof definitions.velu> = /* @__PURE__ */ operation(definitions.velu);
