/** What tests import besides vitest itself. */
export { allowConsole } from './allowConsole.ts';
