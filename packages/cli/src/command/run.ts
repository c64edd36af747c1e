import { readFileSync } from 'node:fs';

import { Client } from '../client/client.js';
import { findConnection } from '../client/connection.js';
import { COMMANDS } from '../commands/index.js';
import { EXIT, Failure, UsageError, type ExitCode } from '../failure.js';
import { renderError } from '../render/error.js';
import type { ReadCommand } from './command.js';
import { renderHelp, renderOverview } from './help.js';
import { nearest } from './nearest.js';
import { parse } from './parse.js';
import type { Terminal } from './terminal.js';

/** Runs `dormouse` with its arguments; never throws for what the user or the collector did. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { print, style } = terminal.err;
    print(args.includes('--json') ? JSON.stringify({ error: error.error }) : renderError(error, style));
    return error.exitCode;
  }
}

async function dispatch([name, ...args]: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { print, style } = terminal.out;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const summaries = Object.entries(COMMANDS).map(([command, { summary }]) => [command, summary] as const);
    print(renderOverview(packageVersion(), summaries, style));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === '--version' || name === '-v') {
    print(packageVersion());
    return EXIT.ok;
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!entry) throw new UsageError(`There is no command "${name}".`, nearest(name, Object.keys(COMMANDS)));
  const command = await entry.load();
  const help = (): ExitCode => {
    print(renderHelp(name, entry.summary, command, style));
    return EXIT.ok;
  };
  if ('options' in command) return runReadCommand(command, args, terminal, help);
  return args[0] === '--help' || args[0] === '-h' ? help() : command.run(args, terminal);
}

async function runReadCommand(
  command: ReadCommand,
  args: readonly string[],
  terminal: Terminal,
  help: () => ExitCode,
): Promise<ExitCode> {
  const { values, positionals } = parse(args, command);
  if (values.help === true) return help();
  const client = new Client(findConnection(values));
  const answer = (result: unknown, render: (terminal: Terminal) => string): void => {
    terminal.out.print(values.json === true ? JSON.stringify(result, null, 2) : render(terminal));
  };
  return (await command.run({ values, positionals, terminal, client, answer })) ?? EXIT.ok;
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
