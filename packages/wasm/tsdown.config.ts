export { default } from '@isoact-tooling/build/tsdown';
