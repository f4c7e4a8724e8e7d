/** Prints, as JSON, the variables that a GPU command's environment needs. For tools that start processes themselves. */
import { findGpu } from './environment.ts';
import { npmSources } from './npmSources.ts';

const gpu = await findGpu(npmSources);
process.stderr.write(`${gpu.announcement}\n`);
process.stdout.write(JSON.stringify(gpu.variables));
