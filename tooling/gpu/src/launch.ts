/**
 * `launch.ts <command> [arguments…]`: runs the command where it finds a GPU. Dawn, tfjs and ONNX Runtime load the Vulkan
 * library through the process's own environment, so the variables must be there before that process starts.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { findGpu } from './environment.ts';

async function launch([command, ...commandArguments]: readonly string[]): Promise<number> {
  if (!command) throw new TypeError('A command must follow (was nothing).');

  const environment = { ...process.env };
  // Inside another launcher the choice is made.
  if (!environment.ISOACT_GPU_KIND) {
    const gpu = await findGpu();
    process.stderr.write(`${gpu.announcement}\n`);
    Object.assign(environment, gpu.variables);
  }

  const child = spawn(command, commandArguments, {
    env: environment,
    stdio: 'inherit',
    // Commands installed by npm are .cmd files there, which only a shell runs.
    shell: process.platform === 'win32',
  });
  // A terminal's Ctrl-C reaches the child by itself; this process only waits for it to end well.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));

  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}

try {
  process.exitCode = await launch(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`isoact: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
