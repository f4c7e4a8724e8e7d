import { type Expression, type Node, operands, topologicalOrder } from '../expression/node.ts';

/** A number of eight hexadecimal digits that changes when the body does (FNV-1a over its nodes in order). */
export function fingerprint(body: Expression): string {
  const order = topologicalOrder([body]);
  const place = new Map<Node, number>(order.map((node, index) => [node, index]));
  const text = order
    .map((node) => {
      const own = node.kind === 'constant' ? String(node.value) : 'name' in node ? node.name : '';
      return `${node.kind} ${own} ${operands(node).map((operand) => place.get(operand))}`;
    })
    .join('\n');
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
