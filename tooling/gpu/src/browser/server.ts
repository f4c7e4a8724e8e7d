/** A web server for test pages: this machine only, a free port, files from memory and from folders. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, resolve, sep } from 'node:path';

export interface Served {
  /** Path → content, for what is made on the fly. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Path prefix that ends with a slash → folder. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Added to every answer, such as a Content-Security-Policy. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PageServer {
  readonly origin: string;
  close(): Promise<void>;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

// With these a page is cross-origin isolated: threads of wasm and precise timers work.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export async function servePages(served: Served): Promise<PageServer> {
  const server = createServer((request, response) => {
    const path = decodedPath(request.url ?? '/');
    if (path === undefined) {
      response.writeHead(400).end();
      return;
    }
    answer(served, path, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((started) => server.listen(0, '127.0.0.1', started));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

function decodedPath(target: string): string | undefined {
  try {
    return decodeURIComponent(new URL(target, 'http://localhost').pathname);
  } catch {
    return undefined;
  }
}

async function answer(served: Served, pathname: string, response: ServerResponse): Promise<void> {
  const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
  const type = contentTypes[extname(path)] ?? 'application/octet-stream';
  const headers = { 'Content-Type': type, 'Cache-Control': 'no-store', ...isolation, ...served.headers };

  const content = served.files?.[path];
  if (content !== undefined) {
    response.writeHead(200, headers).end(content);
    return;
  }
  const file = await fileBelow(served.folders ?? {}, path);
  if (!file) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, headers);
  createReadStream(file).pipe(response);
}

async function fileBelow(folders: Readonly<Record<string, string>>, path: string): Promise<string | undefined> {
  for (const [prefix, folder] of Object.entries(folders)) {
    if (!path.startsWith(prefix)) continue;
    const root = resolve(folder);
    const file = resolve(root, path.slice(prefix.length));
    if (!file.startsWith(root + sep)) continue;
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile()) return file;
  }
  return undefined;
}

function closeServer(server: Server): Promise<void> {
  // A browser keeps connections open, and close() would wait for them.
  server.closeAllConnections();
  return new Promise((closed, failed) => server.close((error) => (error ? failed(error) : closed())));
}
