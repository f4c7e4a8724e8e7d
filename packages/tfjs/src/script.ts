/** All of the package for a script tag, next to the user's own tfjs: it reads the global `tf` and sets `isoactTfjs`. */
export * as core from '@isoact/core';
export * as expression from '@isoact/core/expression';
export * from './index.ts';
export * from './layers/index.ts';
