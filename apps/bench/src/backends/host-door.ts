/** Any backend behind core's adapter contract as a candidate: arrays in, arrays out, at every call. */
import type { ActivationBackend, CompiledActivation, Data } from '@isoact/core';
import type { BenchCase, Candidate, CaseInputs, CaseOutputs, Cost } from '../core/candidate.ts';
import { specOf } from '../core/case-data.ts';

/** @throws what `compile` throws for a case that the backend cannot do. */
export async function openHostDoor(backend: ActivationBackend, question: BenchCase, cost: Cost): Promise<Candidate> {
  const { activation, direction } = question;
  const compiled = await backend.compile(activation, specOf(question));
  let inputs: CaseInputs | undefined;
  let outputs: CaseOutputs | undefined;
  return {
    door: 'host arrays',
    cost,
    prepare: async (given) => {
      inputs = given;
    },
    call: async (count) => {
      if (!inputs) throw new Error('A candidate must be prepared before it is called (was not).');
      for (let k = 0; k < count; k++) outputs = await callOnce(compiled, direction, inputs);
    },
    readOutputs: async () => {
      if (!outputs) throw new Error('A candidate must be called before its outputs are read (was not).');
      return outputs;
    },
    dispose: async () => compiled.dispose(),
  };
}

async function callOnce(
  compiled: CompiledActivation,
  direction: BenchCase['direction'],
  { x, upstream }: CaseInputs,
): Promise<CaseOutputs> {
  if (direction === 'forward') return { primary: numbers((await compiled.forward({ x })).y), parameters: {} };
  const { x: gradient, parameters } = await compiled.vjp({ x, upstream: { y: upstream } });
  return { primary: numbers(gradient), parameters };
}

const numbers = (data: Data): ArrayLike<number> => data;
