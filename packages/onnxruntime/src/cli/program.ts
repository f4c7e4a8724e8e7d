/** The command `isoact-onnx`. */
import { IsoactError, ParameterError } from '@isoact/core';
import { Command, CommanderError } from 'commander';
import { codeOf } from '../node/files.ts';
import { addExportCommand } from './export-command.ts';
import { addInspectCommand } from './inspect-command.ts';
import type { Terminal } from './output.ts';
import { addReplaceCommand } from './replace-command.ts';

function createProgram(terminal: Terminal): Command {
  const program = new Command('isoact-onnx')
    .description('Activation functions in ONNX models: find them, replace them, write them.')
    .showHelpAfterError('(--help lists the options)')
    .addHelpText(
      'after',
      `
Examples:
  isoact-onnx inspect model.onnx
  isoact-onnx replace model.onnx --from Relu --to velu -o velu.onnx
  isoact-onnx replace model.onnx --from gelu --to velu:guarded --set alpha=0.5 \\
    --position last -o head.onnx
  isoact-onnx export velu --shape batch,1024 -o velu.onnx

Exits with 1 where a file cannot be read or written, with 2 where the command
line is wrong.`,
    );
  for (const add of [addReplaceCommand, addInspectCommand, addExportCommand]) add(program, terminal);
  // commander ends the process by itself unless it is told otherwise, and each command anew
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  }
  return program;
}

/** Runs the command and gives its exit code. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // commander has said what is wrong, or shown the help
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const isOurs = error instanceof IsoactError || codeOf(error) !== undefined;
    terminal.err(`isoact-onnx: ${error instanceof Error ? (isOurs ? error.message : error.stack) : error}\n`);
    return error instanceof ParameterError ? 2 : 1;
  }
}
