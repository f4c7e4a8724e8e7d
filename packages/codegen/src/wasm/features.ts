/** What the engine can run, found by asking it to validate a module. */
import { encodeModule } from './binary/encode.ts';
import { get, type Local, type PlainName, plain } from './binary/instruction.ts';

let relaxed: boolean | null = null;

/**
 * Whether the engine has relaxed SIMD, whose fused product and sum is both faster and nearer to the truth: the library's
 * functions are tried with all their products fused, too. Its results differ between processors by some last bits.
 */
export function hasRelaxedSimd(): boolean {
  relaxed ??= typeof WebAssembly !== 'undefined' && validates('f32x4.relaxed_madd');
  return relaxed;
}

function validates(name: PlainName): boolean {
  const operand: Local = { name: 'operand', type: 'v128' };
  const body = [plain(name, get(operand), get(operand), get(operand))];
  const probe = { name: 'probe', parameters: [operand], results: ['v128' as const], locals: [], body };
  return WebAssembly.validate(encodeModule({ functions: [probe] }));
}
