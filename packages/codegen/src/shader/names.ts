/** Names in generated code: readable, unique, and never a word of the language. */

/** Reserved in WGSL or GLSL, or used by our own kernels. */
const reserved = new Set(
  `NULL Self abstract active alias alignas alignof array as asm async atomic attribute auto await become bool break case
  cast catch class coherent common compile concept const const_assert const_cast constexpr continue continuing crate
  debugger decltype default delete demote diagnostic discard do double dvec2 else enable enum explicit export extends
  extern external f16 f32 false filter final finally fixed flat float fn for friend from get goto groupshared half highp
  i32 if impl implements import in inline inout input instanceof int interface invariant isampler2D layout let long loop
  lowp macro main mat2 mat3 mat4 match mediump meta mod module move mut mutable namespace new nil noinline null nullptr
  of operator out output override package partial pass patch precise precision priv protected ptr pub public readonly
  ref register require requires resource restrict return sampler sampler2D self set shared short sizeof smooth static std
  storage struct subroutine super superp switch target template texture this throw trait true try type typedef typeof u32
  uint uniform union unless unorm unsafe unsigned use using uvec2 var varying vec2 vec3 vec4 vec2f vec3u virtual void
  volatile wgsl where while with workgroup workgroups write writeonly yield abs bitcast clamp floor max min round select
  sqrt group chunk pack packed value gradient index place origin width whole part bits first count lane member unit uniforms scratch invocation k e held start end tile own_unit subgroup_lane Moments Uniforms`
    .split(/\s+/)
    .filter(Boolean),
);

export interface Names {
  /** A name like the hint that was not given before. */
  unique(hint: string): string;
}

export function createNames(): Names {
  const taken = new Map<string, number>();
  return {
    unique(hint) {
      const base = identifier(hint);
      const uses = (taken.get(base) ?? 0) + 1;
      taken.set(base, uses);
      return uses === 1 ? base : this.unique(`${base}${uses}`);
    },
  };
}

/** A legal identifier close to the text. */
export function identifier(text: string): string {
  const letters = text
    .replace(/[^A-Za-z0-9_]/g, '_')
    .replace(/_{2,}/g, '_')
    .replace(/^[^A-Za-z]+/, '');
  if (letters === '') return 'value';
  return reserved.has(letters) ? `${letters}_` : letters;
}
