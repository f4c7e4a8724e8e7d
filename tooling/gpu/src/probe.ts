/** Run in a process of its own: prints the description of the adapter that Dawn finds in this environment, as JSON. */
import { create } from 'webgpu';

const adapter = await create([]).requestAdapter({ powerPreference: 'high-performance' });
if (adapter) {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  process.stdout.write(JSON.stringify({ vendor, architecture, device, description, isFallbackAdapter }));
} else {
  process.stdout.write('null');
}
// Dawn's instance would keep the process alive.
process.exit(0);
