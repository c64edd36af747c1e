import { parseArgs } from 'node:util';

import { UsageError } from '../failure.js';
import { type CommonOptions, type Options, optionsOf, type ReadCommand, type Values } from './command.js';
import { nearest } from './nearest.js';

export interface Parsed {
  readonly values: Values<Options & CommonOptions>;
  readonly positionals: readonly string[];
}

/** Reads a command's arguments. @throws UsageError with what is wrong and what may have been meant. */
export function parse(args: readonly string[], command: ReadCommand): Parsed {
  const { positionals: wanted } = command;
  const { values, positionals } = parseStrictly(args, optionsOf(command));
  if (values.help !== true) {
    const missing = wanted.find(({ optional }, index) => !optional && positionals[index] === undefined);
    if (missing) throw new UsageError(`${missing.name} is missing: ${missing.summary}.`);
    const surplus = wanted.at(-1)?.many ? undefined : positionals[wanted.length];
    if (surplus !== undefined)
      throw new UsageError(`"${surplus}" is one argument too many. Quote what has blanks in it.`);
  }
  return { values, positionals };
}

function parseStrictly(args: readonly string[], options: Options): Parsed {
  const settings = { args: [...args], options, allowPositionals: true, allowNegative: true } as const;
  const { tokens } = parseArgs({ ...settings, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'option') checkKnown(token.name, token.rawName, options);
  }
  try {
    return parseArgs(settings) as Parsed;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function checkKnown(name: string, rawName: string, options: Options): void {
  const isKnown = Object.hasOwn(options, name) || options[name.replace(/^no-/, '')]?.type === 'boolean';
  if (isKnown) return;
  const suggestions = nearest(name, Object.keys(options)).map((option) => `--${option}`);
  throw new UsageError(`There is no option ${rawName}.`, suggestions);
}
