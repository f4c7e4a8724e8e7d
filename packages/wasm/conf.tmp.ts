import { runConformance } from '@isoact/core/conformance';
import { createBackend } from './src/index.ts';
const quick = process.argv.includes('quick');
const names = process.argv[2] && process.argv[2] !== 'quick' && process.argv[2] !== 'all' ? process.argv[2].split(',') : undefined;
const r = await runConformance(createBackend(), { quick, activations: names as any });
console.log(r.verdicts, r.totals, (r.elapsedMs / 1000).toFixed(1) + 's');
for (const c of r.claims) if (c.verdict !== 'confirmed') console.log(c);
for (const a of r.results) console.log(a.activation.padEnd(12), a.direction.padEnd(8), a.grade, 'share', a.share, 'maxUlp', a.maxUlp, 'failed', a.failed, a.failed ? JSON.stringify(a.groups) : '');
for (const f of r.failures.slice(0, +(process.env.N ?? 25))) console.log(f.id, '\n   ', f.faults.slice(0, 2).join('\n    '));
