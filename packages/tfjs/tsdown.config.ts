import shared from '@isoact-tooling/build/tsdown';
import { script } from './tsdown.script.ts';

export default [shared, script].flat();
