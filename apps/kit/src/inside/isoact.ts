/** Entry of the kit: finds the GPU, then starts the command in an environment where it is found. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { probeAdapter } from '@isoact-tooling/gpu/adapter';
import { findGpu, type GpuSources } from '@isoact-tooling/gpu/environment';
import { runCommand } from '@isoact-tooling/gpu/runCommand';

const inKit = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const commands: Readonly<Record<string, string>> = {
  bench: 'compares the backends of this machine',
  conform: 'checks every backend against the float64 reference',
  'gpu-tests': "runs the packages' own GPU tests",
  run: "runs a JavaScript module that may import the kit's packages: run FILE.mjs [arguments]",
  gpu: 'says which GPU is found, and in which environment',
};

const usage = `Usage: isoact COMMAND [options]

${Object.entries(commands)
  .map(([name, purpose]) => `  ${name.padEnd(10)} ${purpose}`)
  .join('\n')}

Each command has its own --help. ISOACT_GPU=hardware|software|none chooses the GPU; VK_DRIVER_FILES and LD_LIBRARY_PATH
are respected, and the kit's own Vulkan loader is used where the system has none.
`;

const vulkan = inKit('vulkan');
const hasSoftware = existsSync(`${vulkan}/vk_swiftshader_icd.json`);

const sources: GpuSources = {
  probe: (environment) => probeAdapter(inKit('app/probe.js'), environment),
  loaderFolder: async () => vulkan,
  softwareFolder: hasSoftware ? async () => vulkan : null,
  // Drivers are often mounted into containers without their manifests.
  manifests: [`${vulkan}/nvidia_glx_icd.json`, `${vulkan}/nvidia_egl_icd.json`],
};

/** A first call is measured with its compilation, so no driver may remember it; and nothing is written elsewhere. */
const noShaderCaches = { __GL_SHADER_DISK_CACHE: '0', MESA_SHADER_CACHE_DISABLE: 'true' };

async function main([command = '', ...rest]: readonly string[]): Promise<number> {
  if (!Object.hasOwn(commands, command)) {
    const wantsHelp = ['', '-h', '--help', 'help'].includes(command);
    const wrong = `A command must be one of ${Object.keys(commands).join(', ')} (was ${command}).\n\n`;
    process.stderr.write(wantsHelp ? usage : `${wrong}${usage}`);
    return wantsHelp ? 0 : 64;
  }
  const { announcement, variables, kind } = await findGpu(sources);
  process.stderr.write(`${announcement}\n`);
  if (command === 'gpu') {
    for (const [name, value] of Object.entries(variables)) process.stdout.write(`${name}=${value}\n`);
    return kind === 'none' ? 1 : 0;
  }
  const environment = { ...process.env, ...noShaderCaches, ...variables };
  return runCommand(process.execPath, [inKit(`app/${command}.js`), ...rest], environment);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`isoact: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
