/** What nobody reads once some activations are gone: their constants, and what value_info says of their inner values. */
import type { Found } from './find.ts';
import type { Model, ModelNode, Scope } from './model.ts';
import type { ScopeIndex } from './scope-index.ts';
import type { Edit } from './splice.ts';
import type { Field } from './wire.ts';

export function orphansOf(model: Model, removed: readonly Found[]): Edit[] {
  const scopes = new Map<Scope, { index: ScopeIndex; found: Found[] }>();
  for (const entry of removed) {
    const { scope } = entry.index;
    const group = scopes.get(scope) ?? { index: entry.index, found: [] };
    group.found.push(entry);
    scopes.set(scope, group);
  }
  return [...scopes.values()].flatMap(({ index, found }) => orphansIn(index, found, model.irVersion));
}

function orphansIn(index: ScopeIndex, found: readonly Found[], irVersion: number): Edit[] {
  const { scope } = index;
  const gone = new Map<string, number>();
  const queue: ModelNode[] = found.flatMap(({ nodes }) => nodes);
  const fields: Field[] = found.flatMap(({ nodes, output }) =>
    nodes.flatMap(({ outputs }) => outputs.flatMap((name) => (name === output ? [] : describing(scope, name)))),
  );
  const seen = new Set(queue);
  for (let node = queue.pop(); node; node = queue.pop()) {
    for (const name of node.inputs) {
      if (!name) continue;
      gone.set(name, (gone.get(name) ?? 0) + 1);
      const isConstant = index.constant(name) !== undefined || index.tensor(name) !== undefined;
      if (!isConstant || (gone.get(name) as number) < index.uses(name)) continue;
      const producer = index.producer(name);
      if (producer && !seen.has(producer) && producer.outputs.length === 1) {
        seen.add(producer);
        queue.push(producer);
        fields.push(producer.field, ...describing(scope, name));
      }
      const initializer = scope.initializers.get(name);
      // an initializer that is an input too is a part of what callers see
      if (initializer && !scope.inputs.has(name) && irVersion >= 4)
        fields.push(initializer.field, ...describing(scope, name));
    }
  }
  return [...new Set(fields)].map(({ start, end }) => ({ start, end, bytes: new Uint8Array(), path: scope.path }));
}

function describing(scope: Scope, name: string): Field[] {
  const field = scope.valueInfo.get(name);
  return field ? [field] : [];
}
