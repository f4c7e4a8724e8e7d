/** Fused kernels on tfjs's webgl backend: generated fragment programs, on textures that are read by one index. */
import {
  type GlslKernel,
  type GlslProgram,
  type GlslTarget,
  type GlslTexture,
  generateGlsl,
  webglTarget,
} from '@isoact/codegen';
import { elementCount } from '@isoact/core';
import { plan } from '@isoact/core/plan';
import { type DataType, env, type TensorInfo } from '@tensorflow/tfjs-core';
import { cachedFor, inputSlots, type KernelCall, outputSlots, plannedSpec, type Slot } from './call.ts';
import { runWithoutElements } from './host.ts';

/** A program as tfjs runs it. */
interface GpgpuProgram {
  readonly variableNames: string[];
  readonly outputShape: number[];
  /** Whether tfjs gives lengths as uniforms, and keeps one program for all of them. */
  readonly enableShapeUniforms: boolean;
  readonly userCode: string;
  readonly customUniforms: { readonly name: string; readonly type: 'float' | 'ivec2' }[];
}

/** What is used of tfjs's `MathBackendWebGL`, whose package is an optional peer. */
interface WebGlBackend {
  makeTensorInfo(shape: number[], dtype: DataType, values?: Float32Array): TensorInfo;
  runWebGLProgram(
    program: GpgpuProgram,
    inputs: TensorInfo[],
    dtype: DataType,
    uniforms: number[][],
    preventEagerUnpacking: boolean,
  ): TensorInfo;
  disposeIntermediateTensorInfo(tensor: TensorInfo): void;
}

/** Programs need integer operations and textures of float32. */
export const canRunOnWebGl = (): boolean =>
  env().getNumber('WEBGL_VERSION') === 2 && env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');

export function runOnWebGl(call: KernelCall, inputs: readonly TensorInfo[], tfjsBackend: object): TensorInfo[] {
  const backend = tfjsBackend as WebGlBackend;
  const slots = outputSlots(call);
  if (elementCount(call.spec.shape) === 0) {
    const values = runWithoutElements(call);
    return slots.map(({ shape }, k) => backend.makeTensorInfo([...shape], 'float32', values[k] as Float32Array));
  }
  const program = cachedFor('glsl', call, () =>
    generateGlsl(plan(call.activation, plannedSpec(call), call.direction, webglTarget)),
  );
  const textures = new Map<string, TensorInfo>();
  for (const [k, slot] of inputSlots(call).entries()) textures.set(inputKey(slot), inputs[k] as TensorInfo);
  for (const kernel of program.kernels) {
    const own = isPointwise(kernel) && call.spec.shape.length <= mostAxes ? [...call.spec.shape] : null;
    const reads = kernel.reads.map(({ texture }) => {
      const tensor = textures.get(keyOf(texture)) as TensorInfo;
      return own ? tensor : flat(tensor);
    });
    const uniforms = kernel.uniforms.map(({ parameter }) => [call.activation.parameters[parameter] as number]);
    if (kernel.seed) uniforms.push([...Int32Array.from(call.seed ?? [])]);
    const output = backend.runWebGLProgram(programOf(kernel, own), reads, 'float32', uniforms, true);
    textures.set(keyOf(kernel.target), output);
  }
  dropIntermediates(program, textures, backend);
  return slots.map((slot) => {
    const { dataId } = textures.get(outputKey(slot)) as TensorInfo;
    return { dataId, shape: [...slot.shape], dtype: 'float32' };
  });
}

function dropIntermediates(
  { kernels }: GlslProgram,
  textures: ReadonlyMap<string, TensorInfo>,
  backend: WebGlBackend,
): void {
  for (const { target } of kernels) {
    if (target.kind === 'intermediate')
      backend.disposeIntermediateTensorInfo(textures.get(keyOf(target)) as TensorInfo);
  }
}

/** The same data as a vector: tfjs finds the texel of an index. */
const flat = ({ dataId, shape, dtype }: TensorInfo): TensorInfo => ({ dataId, shape: [elementCount(shape)], dtype });

/** Keys of textures, by what a kernel's reads and target call them. */
const inputKey = ({ kind, name }: Slot): string => `${kind === 'element' ? 'input' : kind}:${name}`;
const outputKey = ({ kind, name }: Slot): string => `${kind === 'element' ? 'output' : 'scalar'}:${name}`;
const keyOf = (texture: GlslTexture | GlslTarget): string =>
  texture.kind === 'intermediate' ? `intermediate:${texture.id}` : `${texture.kind}:${texture.name}`;

/** Of a tensor that a program of tfjs can have as what it is. */
const mostAxes = 6;

/**
 * Whether each number is made of those at its own place and of nothing else. Tensors keep their shapes then: textures of
 * the same layout need no arithmetic to find a texel, and tfjs one program for each rank and layout.
 */
const isPointwise = ({ inPlace, seed }: GlslKernel): boolean => inPlace && !seed;

/** @param shape of what is read and written; null where they are vectors that the code indexes. */
const programOf = ({ code, reads, uniforms, seed, length }: GlslKernel, shape: number[] | null): GpgpuProgram => ({
  variableNames: reads.map(({ name }) => name),
  outputShape: shape ?? [length],
  // elsewhere lengths are in the code
  enableShapeUniforms: shape !== null,
  userCode: `${code}\nvoid main() {\n  setOutput(valueAt(${shape ? 0 : 'getOutputCoords()'}));\n}`,
  customUniforms: [
    ...uniforms.map(({ name }) => ({ name, type: 'float' as const })),
    ...(seed ? [{ name: seed, type: 'ivec2' as const }] : []),
  ],
});
