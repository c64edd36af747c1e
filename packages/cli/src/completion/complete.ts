import { parseArgs } from 'node:util';

import { COMMANDS } from '../commands/index.js';
import { optionsOf, type OfferedValues, type Option, type ReadCommand } from '../command/command.js';
import { offeredValues, type Asking } from './values.js';

/** What a shell may put on the line, and what it can say about it. */
export interface Candidate {
  readonly text: string;
  readonly summary: string;
}

/**
 * What the last of the words behind `dormouse` may become.
 * @returns nothing where any text or file may stand
 */
export async function complete(words: readonly string[]): Promise<readonly Candidate[]> {
  const [name = '', ...args] = words;
  const candidates = words.length < 2 ? commands() : await candidatesOf(name, args);
  const typed = words.at(-1) ?? '';
  return candidates.filter(({ text }) => text.startsWith(typed) && isHarmless(text));
}

/** A name that a process chose must not mean anything to a shell. */
const isHarmless = (text: string): boolean => /^[\w@%+=:,./-]+$/u.test(text);

const commands = (): Candidate[] => [
  ...Object.entries(COMMANDS).map(([text, { summary }]) => ({ text, summary })),
  { text: 'help', summary: 'Show all commands' },
];

async function candidatesOf(name: string, args: readonly string[]): Promise<readonly Candidate[]> {
  const command = Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]?.load() : undefined;
  if (command === undefined || !('options' in command)) return [];
  const typed = args.at(-1) ?? '';
  const before = args.slice(0, -1);
  const [, optionName, inline] = /^--([^=]+)=(.*)$/su.exec(typed) ?? [];
  if (optionName !== undefined && inline !== undefined)
    return (await offered(optionsOf(command)[optionName]?.values, asking(command, before))).map(
      (candidate) => ({
        ...candidate,
        text: `--${optionName}=${candidate.text}`,
      }),
    );
  const awaiting = optionThatAwaitsValue(command, before.at(-1));
  if (awaiting !== undefined) return offered(awaiting.values, asking(command, before));
  if (typed.startsWith('-')) return optionNames(command);
  return offered(positionalAt(command, before), asking(command, before));
}

function optionThatAwaitsValue(command: ReadCommand, word = ''): Option | undefined {
  const options = Object.entries<Option>(optionsOf(command));
  const [, option] = options.find(([name, { short }]) => word === `--${name}` || word === `-${short}`) ?? [];
  return option?.type === 'string' ? option : undefined;
}

const optionNames = (command: ReadCommand): Candidate[] =>
  Object.entries<Option>(optionsOf(command)).map(([name, { summary }]) => ({ text: `--${name}`, summary }));

function positionalAt(command: ReadCommand, before: readonly string[]): OfferedValues | undefined {
  const { positionals } = parsed(command, before);
  const wanted = command.positionals[positionals.length] ?? command.positionals.at(-1);
  return positionals.length < command.positionals.length || wanted?.many ? wanted?.values : undefined;
}

/** The line so far says which collector is asked. */
function asking(command: ReadCommand, before: readonly string[]): Asking {
  const { values } = parsed(command, before);
  const given = Object.entries(values).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(given);
}

const parsed = (command: ReadCommand, args: readonly string[]) =>
  parseArgs({ args: [...args], options: optionsOf(command), allowPositionals: true, strict: false });

const offered = (values: OfferedValues | undefined, line: Asking): Promise<readonly Candidate[]> =>
  values === undefined ? Promise.resolve([]) : offeredValues(values, line);
