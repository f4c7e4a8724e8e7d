/** Starts the Worker in the runtime of Cloudflare Workers, asks it once, and ends it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import workerd from 'workerd'; // CommonJS: its default export lies one deeper

// On a free port, which it tells on the descriptor that it is given.
const options = ['--socket-addr=http=127.0.0.1:0', '--control-fd=3'];
const server = spawn(workerd.default, ['serve', 'workerd.capnp', ...options], {
  stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
});
try {
  const [told] = await once(server.stdio[3], 'data');
  const { port } = JSON.parse(told);
  const ask = (rows) => fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: JSON.stringify(rows) });

  const answer = await ask([
    [-2, -1, 0, 1, 2],
    [1, 2, 3, 4, 5],
  ]);
  for (const row of await answer.json()) console.log('VeLU  ', row.map((value) => value.toFixed(4)).join(' '));
  const refusal = await ask([[1, 2], [3]]);
  console.log(`${refusal.status}:  ${await refusal.text()}`);
} finally {
  server.kill();
}
