/** The GPU's pieces as this repository's packages from npm have them. */
import { fileURLToPath } from 'node:url';
import { probeAdapter } from './adapter.ts';
import { chromiumPackageRunsHere, vulkanFolder } from './chromiumPackage.ts';
import type { GpuSources } from './environment.ts';

const probeFile = fileURLToPath(new URL('./probe.ts', import.meta.url));
const folder = chromiumPackageRunsHere ? vulkanFolder : null;

export const npmSources: GpuSources = {
  probe: (environment) => probeAdapter(probeFile, environment),
  loaderFolder: folder,
  softwareFolder: folder,
};
