#!/usr/bin/env node
/** Entry of `npx @isoact/onnxruntime`. */
import { runCommand } from './cli/program.ts';

process.exitCode = await runCommand(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isInteractive: process.stderr.isTTY,
});
