import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PageServer, servePages } from './server.ts';

let outer: string;
let server: PageServer;

beforeAll(async () => {
  outer = await mkdtemp(join(tmpdir(), 'isoact-server-'));
  await writeFile(join(outer, 'model.wasm'), 'inside');
  server = await servePages({
    files: { '/index.html': 'start' },
    folders: { '/models/': outer },
    headers: { 'Content-Security-Policy': "default-src 'self'" },
  });
});

afterAll(async () => {
  await server.close();
  await rm(outer, { recursive: true });
});

/** As it stands: `fetch` would resolve the dots before it asks. */
async function rawRequest(path: string): Promise<string> {
  const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

test('files from memory and from folders are served with their type and the headers asked for', async () => {
  const start = await fetch(server.origin);
  expect(await start.text()).toBe('start');
  const model = await fetch(`${server.origin}/models/model.wasm`);
  expect(await model.text()).toBe('inside');
  expect(model.headers.get('content-type')).toBe('application/wasm');
  expect(model.headers.get('content-security-policy')).toBe("default-src 'self'");
});

test.each(['/missing.js', '/models/', '/models/%2e%2e%2f%2e%2e%2fetc/passwd', '/models/..%2f..%2fetc%2fpasswd'])(
  'nothing else is: %s',
  async (path) => {
    expect(await rawRequest(path)).toMatch(/^HTTP\/1.1 404 /);
  },
);

test('a malformed path is refused, and the server lives on', async () => {
  expect(await rawRequest('/%zz')).toMatch(/^HTTP\/1.1 400 /);
  expect((await fetch(server.origin)).status).toBe(200);
});
