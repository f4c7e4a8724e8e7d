export { default } from '@isoact-tooling/vitest/config';
