# workerd is the runtime of Cloudflare Workers; wrangler writes such a file itself.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "main", worker = .worker) ],
  sockets = [ (name = "http", address = "127.0.0.1:8787", http = (), service = "main") ],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "velu.wasm", wasm = embed "dist/velu.wasm"),
  ],
  compatibilityDate = "2026-01-01",
);
