import { readFileSync } from 'node:fs';
import { debuglog } from 'node:util';

import { Client } from '../client/client.js';
import { findConnection } from '../client/connection.js';
import { COMMANDS, INNER_COMMANDS } from '../commands/index.js';
import { EXIT, Failure, OperationFailed, UsageError, type ExitCode } from '../failure.js';
import { renderError } from '../render/error.js';
import type { Style } from '../render/style.js';
import type { ReadCommand } from './command.js';
import { renderHelp, renderOverview, renderPassingHelp } from './help.js';
import { nearest } from './nearest.js';
import { parse } from './parse.js';
import type { Terminal } from './terminal.js';
import { printableJson } from '../render/json.js';

const debug = debuglog('dormouse');

/** Runs `dormouse` with its arguments; never throws. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await dispatch(args, terminal);
  } catch (thrown) {
    debug('%o', thrown);
    const error = thrown instanceof Failure ? thrown : defect(thrown);
    const { print, style } = terminal.err;
    print(args.includes('--json') ? printableJson({ error: error.error }) : renderError(error, style));
    return error.exitCode;
  }
}

/** What we did not foresee is told in one line; its stack is for those who ask for it. */
function defect(thrown: unknown): Failure {
  const [reason] = String(thrown).split('\n', 1);
  return new OperationFailed(
    'INTERNAL',
    `${reason}. This is a defect of dormouse; NODE_DEBUG=dormouse shows where it is.`,
  );
}

async function dispatch([name, ...args]: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { print, style } = terminal.out;
  if (name === undefined || name === 'help' || isHelp(name)) {
    const summaries = Object.entries(COMMANDS).map(([command, { summary }]) => [command, summary] as const);
    print(renderOverview(packageVersion(), summaries, style));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === '--version' || name === '-v') {
    print(packageVersion());
    return EXIT.ok;
  }
  if (name.startsWith('-')) throw new UsageError(`Options come after the command: dormouse COMMAND ${name}`);
  const all = { ...COMMANDS, ...INNER_COMMANDS };
  const entry = Object.hasOwn(all, name) ? all[name] : undefined;
  if (!entry) throw new UsageError(`There is no command "${name}".`, nearest(name, Object.keys(COMMANDS)));
  const command = await entry.load();
  if ('options' in command) return runReadCommand(name, entry.summary, command, args, terminal);
  if (command.help && isHelp(args[0])) {
    print(renderPassingHelp(name, entry.summary, command.help, style));
    return EXIT.ok;
  }
  return command.run(args, terminal);
}

async function runReadCommand(
  name: string,
  summary: string,
  command: ReadCommand,
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const { out, err } = terminal;
  const { values, positionals } = parse(args, command);
  if (values.help === true) {
    out.print(renderHelp(name, summary, command, out.style));
    return EXIT.ok;
  }
  const answer = (result: unknown, render: (style: Style) => string): void => {
    const text = values.json === true ? printableJson(result, 2) : render(out.style);
    if (text !== '') out.print(text);
  };
  const note = (text: string): void => {
    if (values.json !== true) err.print(text);
  };
  const exitCode = await command.run({
    values,
    positionals,
    terminal,
    get client() {
      return new Client(findConnection(values));
    },
    answer,
    note,
  });
  return exitCode ?? EXIT.ok;
}

function isHelp(arg: string | undefined): boolean {
  return arg === '--help' || arg === '-h';
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
