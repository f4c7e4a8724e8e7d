/** `replace`: a model file with other activations. */
import { readFile } from 'node:fs/promises';
import { mustBe, ParameterError } from '@isoact/core';
import type { Command } from 'commander';
import type { Form } from '../export/forms.ts';
import type { Arithmetic } from '../export/target.ts';
import { replaceActivationsInFile } from '../node/replace-in-file.ts';
import type { ReplacementRule } from '../surgery/rules.ts';
import { activationFrom } from './activation-argument.ts';
import { printJson, printReport, progressLine, type Terminal } from './output.ts';
import { integer, settingOption } from './parsers.ts';

interface ReplaceOptions {
  readonly output?: string;
  readonly inPlace?: true;
  readonly from?: string;
  readonly to?: string;
  readonly set: readonly string[];
  readonly node?: string;
  readonly position?: string;
  readonly form?: Form;
  readonly arithmetic?: Arithmetic;
  readonly as?: 'inline' | 'function';
  readonly channelAxis?: number;
  readonly module?: string;
  readonly rules?: string;
  readonly dryRun?: true;
  readonly force?: true;
  readonly copyExternalData?: true;
  readonly json?: true;
}

export function addReplaceCommand(program: Command, terminal: Terminal): void {
  program
    .command('replace')
    .description('put other activations into a model; every other byte stays as it is')
    .argument('<model>', 'an .onnx file')
    .option('-o, --output <file>', 'the file to write')
    .option('--in-place', 'write over the model itself')
    .option('--from <which>', "an operator (Relu), an activation however it is spelled (gelu), or '*'")
    .option('--to <activation>', 'a name of the catalogue, with a preset if wanted: velu, velu:guarded')
    .addOption(settingOption())
    .option('--node <pattern>', 'only nodes whose name matches this regular expression')
    .option('--position <which>', 'of those: all, first, last, or numbers such as 0,2,-1', 'all')
    .option('--form <form>', 'native or accurate operators (default: accurate)')
    .option('--arithmetic <type>', 'float32, or float64: smaller and faster, for CPUs alone (default: float32)')
    .option('--as <kind>', 'inline nodes, or one node that calls a function (default: inline)')
    .option('--channel-axis <axis>', "the axis that an extent of 'channel' keeps", integer)
    .option('--module <file>', 'a JavaScript module whose exports are definitions, beside the catalogue')
    .option('--rules <file>', 'a JSON file of rules, in place of --from and --to')
    .option('--copy-external-data', "copy the model's external data to the output's folder")
    .option('--dry-run', 'say what would be replaced, and write nothing')
    .option('--force', 'replace a file that is there')
    .option('--json', 'print the report as JSON')
    .action(async (model: string, options: ReplaceOptions) => {
      const output = options.inPlace ? model : options.output;
      if (!output && !options.dryRun) {
        throw new ParameterError(mustBe('--output', 'given', undefined, 'Or say --in-place or --dry-run.'));
      }
      const report = await replaceActivationsInFile(model, output ?? model, await rulesFrom(options), {
        overwrite: options.force ?? false,
        inPlace: options.inPlace ?? false,
        dryRun: options.dryRun ?? false,
        externalData: options.copyExternalData ? 'copy' : 'refuse',
        onProgress: progressLine(terminal),
      });
      if (options.json) printJson(terminal, report);
      else printReport(terminal, report);
    });
}

async function rulesFrom(options: ReplaceOptions): Promise<ReplacementRule[]> {
  if (options.rules) return Promise.all(parseRules(await readFile(options.rules, 'utf8'), options));
  if (!options.from || !options.to) {
    throw new ParameterError(
      mustBe('--from and --to', 'given', options.from ?? options.to, 'Or name a file of --rules.'),
    );
  }
  return [await ruleOf({ from: options.from, to: options.to }, options)];
}

/** A rule of a file: as on the command line, with settings as an object and parameters as tensors. */
interface WrittenRule extends Omit<ReplacementRule, 'from' | 'to' | 'node'> {
  readonly from: string;
  readonly to: string;
  readonly node?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

function parseRules(text: string, options: ReplaceOptions): Promise<ReplacementRule>[] {
  const rules: unknown = JSON.parse(text);
  if (!Array.isArray(rules)) throw new ParameterError(mustBe('the file of rules', 'a JSON array', rules));
  return rules.map((rule: WrittenRule) => ruleOf(rule, options));
}

async function ruleOf(rule: WrittenRule, options: ReplaceOptions): Promise<ReplacementRule> {
  if (typeof rule.from !== 'string' || typeof rule.to !== 'string') {
    throw new ParameterError(mustBe('from and to of a rule', 'texts', rule.from));
  }
  const { settings = {}, node = options.node, to, ...rest } = rule;
  const written = Object.entries(settings).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return {
    ...(options.form && { form: options.form }),
    ...(options.arithmetic && { arithmetic: options.arithmetic }),
    ...(options.as && { as: options.as }),
    ...(options.channelAxis !== undefined && { channelAxis: options.channelAxis }),
    ...(options.position && { position: positionFrom(options.position) }),
    ...rest,
    ...(node !== undefined && { node: new RegExp(node) }),
    to: await activationFrom(to, [...options.set, ...written], options.module),
  };
}

function positionFrom(text: string): 'all' | 'first' | 'last' | number[] {
  return text === 'all' || text === 'first' || text === 'last' ? text : text.split(',').map(integer);
}
