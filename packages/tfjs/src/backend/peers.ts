/** tfjs's own backends: optional peers, imported when they are asked for. */
import { mustBe, UnavailableError } from '@isoact/core';
import { engine, env } from '@tensorflow/tfjs-core';
import { provideNavigatorGpu } from './dawn.ts';

export const backendNames = ['cpu', 'wasm', 'webgl', 'webgpu'] as const;
export type BackendName = (typeof backendNames)[number];

interface Peer {
  /** Imports the package, whose import registers the backend. */
  readonly load: () => Promise<unknown>;
  /** What it needs of the machine. */
  readonly needs: string;
}

/** esbuild takes an import with a `catch` for optional, and leaves it to the page where the package is not installed. */
const refuse = (error: unknown): never => {
  throw error;
};

const peers: Readonly<Record<BackendName, Peer>> = {
  cpu: { load: () => import('@tensorflow/tfjs-backend-cpu').catch(refuse), needs: 'nothing' },
  wasm: { load: () => import('@tensorflow/tfjs-backend-wasm').catch(refuse), needs: 'WebAssembly' },
  webgl: { load: () => import('@tensorflow/tfjs-backend-webgl').catch(refuse), needs: 'a browser with WebGL 2' },
  webgpu: {
    load: async () => {
      await provideNavigatorGpu(); // support is tested when the package is loaded, once
      const loaded = await import('@tensorflow/tfjs-backend-webgpu').catch(refuse);
      // small operations are measured and checked on the device too
      env().set('WEBGPU_CPU_FORWARD', false);
      return loaded;
    },
    needs: 'a GPU, and in Node the package "webgpu"',
  },
};

/** One at a time: tfjs forgets the initialisation of a backend when another one begins. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * Makes a backend of tfjs ready, leaving the current one in place.
 * @throws UnavailableError where its package is not installed, or the machine cannot run it.
 */
export function initialize(name: BackendName): Promise<void> {
  const turn = queue.then(() => initializeNow(name));
  queue = turn.catch(() => {});
  return turn;
}

async function initializeNow(name: BackendName): Promise<void> {
  const { load, needs } = peers[name];
  const unavailable = (was: string, remedy: string, cause?: unknown): UnavailableError =>
    new UnavailableError(mustBe(`tfjs backend ${JSON.stringify(name)}`, 'available', was, remedy), { cause });
  if (!engine().findBackendFactory(name)) {
    try {
      await load();
    } catch (cause) {
      if (cause instanceof UnavailableError) throw cause;
      throw unavailable('not installed', `Install it: npm install @tensorflow/tfjs-backend-${name}@4.22.0`, cause);
    }
  }
  if (!engine().findBackendFactory(name)) throw unavailable('unsupported here', `It needs ${needs}.`);
  const previous = engine().backendName;
  const ready = await engine()
    .setBackend(name)
    .catch(() => false);
  if (previous && (!ready || previous !== name)) await engine().setBackend(previous);
  if (!ready) throw unavailable('failing to start', `It needs ${needs}.`);
}

/**
 * Runs synchronous work with a backend of tfjs in place of the current one. tfjs takes up an initialised backend
 * before `setBackend` returns its promise, so nothing else can run in between.
 */
export function withBackend<T>(name: BackendName, work: () => T): T {
  const previous = engine().backendName;
  if (previous === name) return work();
  void engine().setBackend(name);
  try {
    return work();
  } finally {
    if (previous) void engine().setBackend(previous);
  }
}
