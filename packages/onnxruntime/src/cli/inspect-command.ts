/** `inspect`: the activations of a model file. */
import type { Command } from 'commander';
import { inspectModelFile } from '../node/replace-in-file.ts';
import { describe, printJson, progressLine, type Terminal } from './output.ts';

export function addInspectCommand(program: Command, terminal: Terminal): void {
  program
    .command('inspect')
    .description('list the activations of a model, however they are spelled')
    .argument('<model>', 'an .onnx file')
    .option('--json', 'print it as JSON')
    .action(async (model: string, { json }: { readonly json?: true }) => {
      const found = await inspectModelFile(model, progressLine(terminal));
      if (json) return printJson(terminal, found);
      const print = (line: string): void => terminal.out(`${line}\n`);
      const opsets = Object.entries(found.opsets).map(([domain, version]) => `${domain || 'ai.onnx'} ${version}`);
      print(`IR version ${found.irVersion}, opsets ${opsets.join(', ')}`);
      for (const { graph, nodes } of found.graphs) print(`${graph}: ${nodes} nodes`);
      if (found.externalFiles.length > 0) print(`external data: ${found.externalFiles.join(', ')}`);
      print(`${found.activations.length} activations`);
      for (const activation of found.activations) print(`  ${describe(activation)}`);
    });
}
