/** What a child process does that holds backends. */
import type { LoadedGroup } from '../subjects/subject.ts';
import type { Answer, Order } from './child.ts';
import { paceEventLoop } from './pace.ts';
import { writeReached } from './reached.ts';
import { evaluateAt, runActivation } from './run-group.ts';
import { createTeller } from './telling.ts';

const answer = (message: Answer): void => {
  process.send?.(message);
};
const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Obeys the orders of the process that started this one, and ends with it. */
export function serve(load: (group: string) => Promise<LoadedGroup>): void {
  const groups = new Map<string, LoadedGroup>();
  const teller = createTeller((id, begun) => answer({ kind: 'case', id, begun }));
  const opened = (name: string): LoadedGroup => {
    const group = groups.get(name);
    if (!group) throw new Error(`the group ${name} must be opened first (was not).`);
    return group;
  };
  const obey = async (order: Order): Promise<void> => {
    switch (order.kind) {
      case 'open':
        try {
          groups.set(order.group, await load(order.group));
          answer({ kind: 'opened' });
        } catch (error) {
          answer({ kind: 'unavailable', reason: describe(error) });
        }
        return;
      case 'run': {
        const { request } = order;
        try {
          const group = opened(request.group);
          const stop = group.busy && group.backend.device.software ? paceEventLoop() : () => {};
          const report = await runActivation(group, request, (id) => {
            writeReached(id);
            teller.begin(id);
          }).finally(() => {
            teller.end();
            stop();
          });
          answer({ kind: 'report', report });
        } catch (error) {
          answer({ kind: 'failed', reason: describe(error) });
        }
        return;
      }
      case 'evaluate':
        try {
          answer({ kind: 'values', values: await evaluateAt(opened(order.request.group), order.request) });
        } catch (error) {
          answer({ kind: 'failed', reason: describe(error) });
        }
        return;
      case 'close':
        for (const { backend } of groups.values()) await backend.dispose();
        process.exit(0);
    }
  };
  process.on('message', (order: Order) => void obey(order));
  process.on('disconnect', () => process.exit(0));
}
