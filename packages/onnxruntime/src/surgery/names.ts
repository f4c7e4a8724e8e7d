/** Names that no node or value of a model bears yet. */
import type { Model } from './model.ts';

export interface Names {
  /** The stem, or the stem with a number, as a prefix that is new. */
  prefix(stem: string): string;
}

export function namesOf(model: Model): Names {
  const taken = new Set<string>();
  for (const scope of model.scopes) {
    for (const names of [scope.inputs, scope.outputs, scope.initializers.keys()])
      for (const name of names) taken.add(name);
    for (const node of scope.nodes) for (const name of [node.name, ...node.outputs]) taken.add(name);
  }
  const prefixes = new Set(
    [...taken].flatMap((name) => (name.includes('/') ? [name.slice(0, name.indexOf('/'))] : [name])),
  );
  return {
    prefix(stem) {
      let candidate = stem;
      for (let count = 1; prefixes.has(candidate); count++) candidate = `${stem}_${count}`;
      prefixes.add(candidate);
      return `${candidate}/`;
    },
  };
}
