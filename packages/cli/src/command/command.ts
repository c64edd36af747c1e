import type { Client } from '../client/client.js';
import type { ExitCode } from '../failure.js';
import type { Style } from '../render/style.js';
import type { Terminal } from './terminal.js';

/** What a shell offers where an argument is typed: certain words, or those that are asked for when they are needed. */
export type OfferedValues =
  | readonly string[]
  | 'services'
  | 'probes'
  | 'instances'
  | 'sources'
  | 'profiles'
  | 'environments';

/** One `--option`, as `parseArgs` of `node:util` takes it, with what `--help` says about it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly multiple?: true;
  readonly short?: string;
  /** What the value is called in `--help`. */
  readonly value?: string;
  /** What it may be; without it, any text or file. */
  readonly values?: OfferedValues;
  readonly summary: string;
}

export type Options = Readonly<Record<string, Option>>;

export interface Positional {
  readonly name: string;
  readonly summary: string;
  /** What it may be; without it, any text or file. */
  readonly values?: OfferedValues;
  readonly optional?: true;
  /** One or more; only the last positional. */
  readonly many?: true;
}

type ValueOf<O extends Option> = O['type'] extends 'boolean'
  ? boolean
  : O extends { multiple: true }
    ? string[]
    : string;

export type Values<O extends Options> = { readonly [Name in keyof O]?: ValueOf<O[Name]> };

const CONNECTION_OPTIONS = {
  url: {
    type: 'string',
    value: 'URL',
    summary: 'The collector, default DORMOUSE_URL or http://127.0.0.1:7447',
  },
  token: {
    type: 'string',
    value: 'TOKEN',
    summary: 'A token of it, default DORMOUSE_ADMIN_TOKEN, what "dormouse login" saved, or DORMOUSE_TOKEN',
  },
  profile: {
    type: 'string',
    value: 'NAME',
    values: 'profiles',
    summary: 'A collector that "dormouse login" saved, default DORMOUSE_PROFILE or the one in use',
  },
  environment: {
    type: 'string',
    value: 'PATH',
    values: 'environments',
    summary:
      'Which organisation/project/environment, default DORMOUSE_ENVIRONMENT, the profile’s, or the only one',
  },
} as const satisfies Options;

const GENERAL_OPTIONS = {
  json: { type: 'boolean', summary: 'Print JSON' },
  help: { type: 'boolean', short: 'h', summary: 'Show this' },
} as const satisfies Options;

export type CommonOptions = typeof CONNECTION_OPTIONS & typeof GENERAL_OPTIONS;

/** What a command is called with. */
export interface Invocation<O extends Options> {
  readonly values: Values<O & Omit<CommonOptions, keyof O>>;
  readonly positionals: readonly string[];
  readonly terminal: Terminal;
  /** Made when it is first asked for: what is wrong with the address does not concern other commands. */
  readonly client: Client;
  /** Prints a result: as JSON where that was asked for, else as `render` writes it. */
  readonly answer: (result: unknown, render: (style: Style) => string) => void;
  /** Tells a person something beside the result; nothing with `--json`. */
  readonly note: (text: string) => void;
}

/** A command with options that we read. */
export interface ReadCommand<O extends Options = Options> {
  readonly positionals: readonly Positional[];
  readonly options: O;
  /** Whether it asks no collector, and so has no options about one. */
  readonly offline?: true;
  /** Paragraphs at the end of `--help`, examples first. */
  readonly notes?: string;
  /** @returns what the process ends with; default: 0 */
  run(invocation: Invocation<O>): Promise<ExitCode | void>;
}

/** What `--help` says about a command whose options are not ours. */
export interface PassingHelp {
  readonly passes: string;
  readonly notes: string;
}

/** A command whose arguments another program reads. */
export interface PassingCommand {
  /** Without it, `--help` is passed on as well. */
  readonly help?: PassingHelp;
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

export type Command = ReadCommand | PassingCommand;

/** A command's own options and those that many have. */
export function optionsOf({ options, offline }: ReadCommand): Options {
  // A command may mean something of its own by a common name.
  return { ...options, ...(offline ? {} : CONNECTION_OPTIONS), ...GENERAL_OPTIONS, ...options };
}

/** Gives `run` the exact types of the options. */
export function defineCommand<const O extends Options>(command: ReadCommand<O>): ReadCommand<O> {
  return command;
}
