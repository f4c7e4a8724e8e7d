/** An activation for one specification: its forward session, and its gradient session from the first call that needs it. */
import {
  type Activation,
  type CompiledActivation,
  type Data,
  DisposedError,
  elementCount,
  encodeHalf,
  type ForwardInputs,
  gradientNames,
  inputChecker,
  mustBe,
  noiseOf,
  numericState,
  outputShape,
  parameterShape,
  parameterValues,
  type Shape,
  stateShapes,
  type TensorSpec,
  type VjpInputs,
} from '@isoact/core';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import {
  activationGraph,
  type Direction,
  gradientName,
  parameterInput,
  stateInput,
  stateOutput,
} from '../export/activation-graph.ts';
import type { Form } from '../export/forms.ts';
import { defaultOpset } from '../export/opset.ts';
import { encodeModel } from '../onnx/encode.ts';
import { targetOf } from './capabilities.ts';
import type { Runtime } from './runtime.ts';
import { dataOf, openSession, type SessionOptions, tensorOf } from './session.ts';

export interface CompileContext {
  readonly runtime: Runtime;
  readonly form: Form;
  readonly session: SessionOptions;
  readonly onDispose: (compiled: CompiledActivation) => void;
}

type Results = Awaited<ReturnType<InferenceSession['run']>>;

export async function compileActivation(
  activation: Activation,
  spec: TensorSpec,
  { runtime, form, session, onDispose }: CompileContext,
): Promise<CompiledActivation> {
  const states = stateShapes(activation, spec);
  const dtype = spec.dtype === 'float16' ? 'float16' : 'float32';
  let disposed = false;

  const open = (direction: Direction): Promise<InferenceSession> => {
    const graph = activationGraph(activation, direction, {
      ...spec,
      dtype,
      opset: defaultOpset,
      parameters: 'inputs',
      form,
      target: targetOf(session.provider, form),
    });
    return openSession(runtime, encodeModel({ name: activation.name, opset: defaultOpset, graph }), session);
  };
  const checkInputs = inputChecker(activation, spec);
  const sessions: Partial<Record<Direction, Promise<InferenceSession>>> = {};
  const sessionFor = (direction: Direction): Promise<InferenceSession> => (sessions[direction] ??= open(direction));
  await sessionFor('forward');

  /** Runs on the tensors that the graph reads, out of all that there are. */
  async function run(direction: Direction, inputs: ForwardInputs | VjpInputs): Promise<Results> {
    if (disposed) throw new DisposedError(mustBe(`compiled ${activation.name}`, 'in use', 'disposed'));
    checkInputs(inputs);
    const tensors = new Map<string, { data: Data; shape: Shape; wide?: boolean }>();
    tensors.set('x', { data: inputs.x, shape: spec.shape });
    if ('upstream' in inputs) {
      tensors.set('upstream', { data: inputs.upstream.y, shape: outputShape(activation, spec) });
      const penalty = Float32Array.of(inputs.upstream.penalty ?? 0);
      tensors.set('upstream_penalty', { data: penalty, shape: [], wide: true });
    }
    for (const [name, values] of Object.entries(parameterValues(activation, spec, inputs.parameters))) {
      tensors.set(parameterInput(name), { data: inDtype(values), shape: parameterShape(name, spec) });
    }
    if (inputs.state?.seed) {
      // ONNX Runtime's providers lack the operations on words that would draw it
      const data = noiseOf(elementCount(spec.shape), inputs.state.seed);
      tensors.set('noise', { data, shape: spec.shape, wide: true });
    }
    for (const [name, data] of Object.entries(numericState(inputs.state))) {
      tensors.set(stateInput(name), { data, shape: states[name] ?? [] });
    }
    const opened = await sessionFor(direction);
    const feeds = opened.inputNames.map((name) => {
      const { data, shape, wide } = tensors.get(name) as { data: Data; shape: Shape; wide?: boolean };
      return [name, tensorOf(runtime, wide ? 'float32' : dtype, data, shape)];
    });
    return opened.run(Object.fromEntries(feeds));
  }

  /** The activation's own values come as float64. */
  function inDtype(values: Data): Data {
    if (!(values instanceof Float64Array)) return values;
    return dtype === 'float16' ? Uint16Array.from(values, encodeHalf) : Float32Array.from(values);
  }

  const output = (results: Results, name: string): Data => dataOf(results[name] as Tensor); // tensors are all that the graphs return

  const compiled: CompiledActivation = {
    outputs: {
      y: { shape: outputShape(activation, spec) },
      ...(activation.forward.penalty && { penalty: { shape: [] } }),
    },
    async forward(inputs) {
      const results = await run('forward', inputs);
      return {
        y: output(results, 'y'),
        ...(activation.forward.penalty && { penalty: output(results, 'penalty')[0] as number }),
        ...(Object.keys(states).length > 0 && {
          state: Object.fromEntries(Object.keys(states).map((name) => [name, output(results, stateOutput(name))])),
        }),
      };
    },
    async vjp(inputs) {
      const results = await run('vjp', inputs);
      return {
        x: output(results, gradientName('x')),
        parameters: Object.fromEntries(
          gradientNames(activation, spec).map((name) => [name, output(results, gradientName(parameterInput(name)))]),
        ),
      };
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      for (const opened of Object.values(sessions)) opened.then((session) => session.release()).catch(ignored);
      onDispose(compiled);
    },
  };
  return compiled;
}

/** A session that did not open has told so to who asked for it. */
const ignored = (): void => {};
