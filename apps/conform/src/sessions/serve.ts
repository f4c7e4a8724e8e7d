/** What a child process does that holds one group. */
import type { LoadedGroup } from '../subjects/subject.ts';
import type { Answer, Order } from './child.ts';
import { paceEventLoop } from './pace.ts';
import { evaluateAt, runActivation } from './run-group.ts';

const answer = (message: Answer): void => {
  process.send?.(message);
};
const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Obeys the orders of the process that started this one, and ends with it. */
export function serve(load: (group: string) => Promise<LoadedGroup>): void {
  let group: LoadedGroup | null = null;
  const obey = async (order: Order): Promise<void> => {
    switch (order.kind) {
      case 'open':
        try {
          group = await load(order.group);
          if (group.busy && group.backend.device.software) paceEventLoop();
          answer({ kind: 'opened' });
        } catch (error) {
          answer({ kind: 'unavailable', reason: describe(error) });
        }
        return;
      case 'run': {
        const { request } = order;
        try {
          if (!group) throw new Error('a group must be opened first (was not).');
          const report = await runActivation(group, request, (id) => answer({ kind: 'case', id }));
          answer({ kind: 'report', report });
        } catch (error) {
          answer({ kind: 'failed', reason: describe(error) });
        }
        return;
      }
      case 'evaluate':
        try {
          if (!group) throw new Error('a group must be opened first (was not).');
          answer({ kind: 'values', values: await evaluateAt(group, order.request) });
        } catch (error) {
          answer({ kind: 'failed', reason: describe(error) });
        }
        return;
      case 'close':
        await group?.backend.dispose();
        process.exit(0);
    }
  };
  process.on('message', (order: Order) => void obey(order));
  process.on('disconnect', () => process.exit(0));
}
