/** Readers of option values. */
import { InvalidArgumentError, Option } from 'commander';

const collect = (value: string, sofar: readonly string[]): readonly string[] => [...sofar, value];

export const settingOption = (): Option =>
  new Option('--set <name=value>', 'a setting of the activation; may be repeated')
    .argParser(collect)
    .default([], 'none');

export function integer(text: string): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be an integer.');
  return value;
}

/** Lengths, and names of those that vary: `batch,3,224,224`. An empty text is the shape of a scalar. */
export const shape = (text: string): readonly (number | string)[] =>
  text === '' ? [] : text.split(',').map((length) => (/^\d+$/.test(length) ? Number(length) : length));
