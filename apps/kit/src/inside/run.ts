/** The command `run`: a module of the caller's, which may import the kit's packages wherever it lies. */
import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [file, ...rest] = process.argv.slice(2);
if (!file || file === '--help') {
  process.stderr.write('Usage: isoact run FILE.mjs [arguments]\n\nThe file may import webgpu and onnxruntime-node.\n');
  process.exit(file ? 0 : 64);
}
const path = resolve(file);
process.argv = [process.execPath, path, ...rest];
register('./run-hooks.js', import.meta.url);
await import(pathToFileURL(path).href);
