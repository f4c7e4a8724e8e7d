/** The language that definitions are written in: constructors of expressions, and what they construct. */
export * from './build.ts';
export { binary, unary } from './by-name.ts';
export * from './node.ts';
export * from './rewrite.ts';
