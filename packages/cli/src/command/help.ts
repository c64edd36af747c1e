import type { Colors, Style } from '../render/style.js';
import { pad } from '../render/text.js';
import { type Option, optionsOf, type PassingHelp, type Positional, type ReadCommand } from './command.js';

type Row = readonly [left: string, right: string];

/** What `dormouse` alone prints: every command in one line. */
export function renderOverview(version: string, commands: readonly Row[], { colors }: Style): string {
  return [
    `${colors.bold('dormouse')} ${version}  live probes in running Node programs`,
    '',
    renderRows(commands, colors.cyan),
    '',
    `${colors.cyan('dormouse COMMAND --help')} tells more.`,
  ].join('\n');
}

/** A command's arguments, options and notes. */
export function renderHelp(name: string, summary: string, command: ReadCommand, { colors }: Style): string {
  const { positionals, notes } = command;
  const options = Object.entries<Option>(optionsOf(command));
  const usage = positionals.map((positional) =>
    positional.optional ? `[${positional.name}]` : positional.name,
  );
  return joinSections([
    renderUsage(name, [...usage, '[options]'].join(' '), summary, colors),
    renderRows(positionals.map(positionalRow), colors.cyan),
    renderRows(options.map(optionRow), colors.cyan),
    notes ?? '',
  ]);
}

export function renderPassingHelp(
  name: string,
  summary: string,
  help: PassingHelp,
  { colors }: Style,
): string {
  return joinSections([renderUsage(name, help.passes, summary, colors), help.notes]);
}

function renderUsage(name: string, usage: string, summary: string, colors: Colors): string {
  return `${colors.bold(`dormouse ${name}`)} ${usage}\n\n${summary}.`;
}

function positionalRow({ name, summary }: Positional): Row {
  return [name, summary];
}

function optionRow([name, { short, value, summary, multiple }]: [string, Option]): Row {
  const left = `--${name}${value === undefined ? '' : ` ${value}`}${short === undefined ? '' : `, -${short}`}`;
  return [left, multiple ? `${summary} (repeatable)` : summary];
}

function renderRows(rows: readonly Row[], paint: (text: string) => string): string {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${pad(paint(left), width)}  ${right}`).join('\n');
}

function joinSections(sections: readonly string[]): string {
  return sections.filter((section) => section !== '').join('\n\n');
}
