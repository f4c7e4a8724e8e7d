/** Functions as float32 arithmetic, for targets that compute them badly. */
export { float32Library } from './library.ts';
