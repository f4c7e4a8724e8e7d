/**
 * `launch.ts <command> [arguments…]`: runs the command where it finds a GPU. Dawn, tfjs and ONNX Runtime load the Vulkan
 * library through the process's own environment, so the variables must be there before that process starts.
 */
import { findGpu } from './environment.ts';
import { npmSources } from './npmSources.ts';
import { runCommand } from './runCommand.ts';

async function launch([command, ...commandArguments]: readonly string[]): Promise<number> {
  if (!command) throw new TypeError('A command must follow (was nothing).');

  const environment = { ...process.env };
  // Inside another launcher the choice is made.
  if (!environment.ISOACT_GPU_KIND) {
    const gpu = await findGpu(npmSources);
    process.stderr.write(`${gpu.announcement}\n`);
    Object.assign(environment, gpu.variables);
  }

  return runCommand(command, commandArguments, environment);
}

try {
  process.exitCode = await launch(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`isoact: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
