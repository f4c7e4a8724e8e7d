/** `export`: an activation as a model of its own. */
import type { Command } from 'commander';
import { type ExportOptions, toOnnx } from '../export/to-onnx.ts';
import { writeWhole } from '../node/files.ts';
import { activationFrom } from './activation-argument.ts';
import { printJson, type Terminal } from './output.ts';
import { integer, settingOption, shape } from './parsers.ts';

interface WrittenOptions extends ExportOptions {
  readonly output: string;
  readonly set: readonly string[];
  readonly module?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addExportCommand(program: Command, terminal: Terminal): void {
  program
    .command('export')
    .description('write an activation, or its gradient, as a model of its own')
    .argument('<activation>', 'a name of the catalogue, with a preset if wanted: velu, velu:guarded')
    .requiredOption('-o, --output <file>', 'the file to write')
    .addOption(settingOption())
    .option('--direction <direction>', 'forward, or vjp for the gradient (default: forward)')
    .option('--shape <lengths>', 'such as batch,1024; tensors of any rank unless given', shape)
    .option('--dtype <type>', 'float32 or float16 (default: float32)')
    .option('--opset <version>', 'of the operators (default: 21)', integer)
    .option('--form <form>', 'native or accurate operators (default: accurate)')
    .option('--as <kind>', 'inline nodes, or one node that calls a function (default: inline)')
    .option('--parameters <where>', 'initializers, or inputs of the model (default: initializers)')
    .option('--arithmetic <type>', 'float32, or float64: smaller and faster, for CPUs alone (default: float32)')
    .option('--channel-axis <axis>', "the axis that an extent of 'channel' keeps", integer)
    .option('--module <file>', 'a JavaScript module whose exports are definitions, beside the catalogue')
    .option('--force', 'replace a file that is there')
    .option('--json', 'print what was written as JSON')
    .action(async (name: string, { output, set, module, force = false, json = false, ...options }: WrittenOptions) => {
      const activation = await activationFrom(name, set, module);
      const bytes = toOnnx(activation, options);
      await writeWhole(output, [bytes], { overwrite: force });
      const { name: written, parameters } = activation;
      if (json) printJson(terminal, { output, activation: written, parameters, bytes: bytes.length });
      else terminal.out(`${output}: ${written}, ${bytes.length} bytes\n`);
    });
}
