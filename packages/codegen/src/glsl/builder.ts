/** Collects what a fragment program uses while its statements are written, and puts the text together at the end. */
import type { FunctionName } from '@isoact/core';
import type { HelperName } from '../shader/dialect.ts';
import { createFunctionSet, type Library } from '../shader/functions.ts';
import { createNames, identifier, type Names } from '../shader/names.ts';
import { glslDialect } from './dialect.ts';
import type { GlslKernel, GlslTarget, GlslTexture } from './program.ts';

export interface GlslBuilder {
  readonly names: Names;
  /** Text that reads a texture at an index; null for the place that is written, which a driver finds without arithmetic. */
  readonly read: (texture: GlslTexture, index: string | null) => string;
  /** Text of a scalar parameter that is a number. */
  readonly parameter: (name: string) => string;
  /** Text of both words of the seed of noise, as arguments. */
  readonly seed: () => string;
  readonly useHelper: (name: HelperName) => string;
  readonly useFunction: (name: FunctionName) => string;
  /** A kernel of the body of `valueAt`. */
  readonly build: (label: string, target: GlslTarget, length: number, body: readonly string[]) => GlslKernel;
}

export function createGlslBuilder(library: Library): GlslBuilder {
  const functions = createFunctionSet(glslDialect, library);
  const names = createNames();
  const reads = new Map<string, { name: string; texture: GlslTexture }>();
  const uniforms = new Map<string, string>();
  let seedName: string | undefined;
  let inPlace = true;

  return {
    names,
    read(texture, index) {
      inPlace &&= index === null;
      const key = texture.kind === 'intermediate' ? `${texture.id}` : `${texture.kind}:${texture.name}`;
      // not by its id: programs that do the same to other textures are the same program to a driver
      const wish = texture.kind === 'intermediate' ? 'step' : `${texture.name}_in`;
      const entry = reads.get(key) ?? { name: names.unique(identifier(wish)), texture };
      reads.set(key, entry);
      const reader = `get${entry.name.charAt(0).toUpperCase()}${entry.name.slice(1)}`;
      return index === null ? `${reader}AtOutCoords()` : `${reader}(${index})`;
    },
    parameter(name) {
      const uniform = uniforms.get(name) ?? names.unique(identifier(name));
      uniforms.set(name, uniform);
      return uniform;
    },
    seed() {
      seedName ??= names.unique('seed');
      return `uint(${seedName}.x), uint(${seedName}.y)`;
    },
    useHelper: functions.useHelper,
    useFunction: functions.useFunction,
    build: (label, target, length, body) => ({
      label,
      target,
      length,
      reads: [...reads.values()],
      inPlace,
      uniforms: [...uniforms].map(([parameter, name]) => ({ name, parameter })),
      ...(seedName && { seed: seedName }),
      code: [
        ...functions.text().flatMap((text) => [text, '']),
        'float valueAt(int index) {',
        ...body.map((line) => `  ${line}`),
        '}',
      ].join('\n'),
    }),
  };
}
