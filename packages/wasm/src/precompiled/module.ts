/** A precompiled module, opened for tensors of one shape. */
import { type WasmCode, wasmCallOf, wasmChoiceOf, wasmKernelOf } from '@isoact/codegen';
import {
  type Activation,
  anyOf,
  ParameterError,
  parameterAxes,
  refuse,
  type Shape,
  ShapeError,
  type TensorSpec,
  UnsupportedError,
} from '@isoact/core';
import type { CodeSource } from '../direction.ts';
import { activationOf, type DescribedCode, type Description, format, sectionName } from './description.ts';

export interface OpenedModule {
  readonly activation: Activation;
  readonly spec: TensorSpec;
  readonly source: CodeSource;
}

/** What a module says, with its outline as an activation: found once, since servers open a module for each new length. */
const known = new WeakMap<WebAssembly.Module, readonly [Description, Activation]>();

export function openModule(module: WebAssembly.Module, shape: Shape): OpenedModule {
  let read = known.get(module);
  if (!read) {
    const description = descriptionIn(module);
    read = [description, activationOf(description.activation)];
    known.set(module, read);
  }
  const [{ example, directions }, activation] = read;
  const spec = specOf(example, shape);
  const codeOf = (code: DescribedCode): WasmCode => ({ module, ...code, ...wasmCallOf(code.arguments, shape) });
  return {
    activation,
    spec,
    source: (memory, _activation, _spec, direction) => {
      const described = directions[direction];
      if (!described) {
        const remedy = 'Compile it with its gradient.';
        const had = anyOf(Object.keys(directions));
        return refuse(UnsupportedError, `the direction of ${activation.name}`, had, direction, remedy);
      }
      const { inPlace, bounded, general } = described;
      const choice = wasmChoiceOf(codeOf(bounded), (parameters) =>
        general ? codeOf(general) : refuseValues(activation.name, bounded, parameters),
      );
      return { inPlace, kernel: wasmKernelOf(choice, memory) };
    },
  };
}

function descriptionIn(module: WebAssembly.Module): Description {
  // a module of another realm is none of this one's class
  const isModule = String(module) === '[object WebAssembly.Module]';
  const [section] = isModule ? WebAssembly.Module.customSections(module, sectionName) : [];
  if (!section) {
    const requirement = 'a WebAssembly.Module made by @isoact/wasm/precompile';
    const remedy = isModule ? undefined : 'Import the .wasm file, or compile its bytes where that is allowed.';
    return refuse(ParameterError, 'the module', requirement, isModule ? 'another one' : module, remedy);
  }
  const description: Description = JSON.parse(new TextDecoder().decode(section));
  if (description.format !== format) {
    const remedy = 'Compile it with this release.';
    refuse(UnsupportedError, 'the format of the module', format.toString(), description.format, remedy);
  }
  return description;
}

/** The specification for a shape that is like the example's. */
function specOf(example: TensorSpec, shape: Shape): TensorSpec {
  const parameterShapes = example.parameterShapes ?? {};
  const varied = Object.keys(parameterShapes).flatMap((name) => parameterAxes(name, example));
  const isLike =
    shape?.length === example.shape.length &&
    example.shape.every((length, axis) =>
      length === 1 ? shape[axis] === 1 : shape[axis] !== 1 || !varied.includes(axis),
    );
  if (!isLike) {
    const form = example.shape.map((length) => (length === 1 ? 1 : 'n'));
    refuse(ShapeError, 'shape', `of the form [${form.join(', ')}], which the module was compiled for`, shape);
  }
  return {
    ...example,
    shape,
    parameterShapes: Object.fromEntries(
      Object.entries(parameterShapes).map(([name, own]) => [
        name,
        own.map((length, axis) => (length === 1 ? 1 : (shape[axis + shape.length - own.length] as number))),
      ]),
    ),
  };
}

function refuseValues(
  activation: string,
  { assumed }: DescribedCode,
  parameters: Readonly<Record<string, number>>,
): never {
  const names = Object.keys(assumed);
  const requirement = `within ${JSON.stringify(Object.values(assumed))} in this module`;
  const values = names.map((name) => parameters[name]);
  const remedy = 'Compile it for any values.';
  return refuse(ParameterError, `${names.join(', ')} of ${activation}`, requirement, values, remedy);
}
