/** Graphs as mathematics: text for comments and terminals, LaTeX for pages. */
export * from './notation.ts';
export * from './print.ts';
