import type { Style } from '../render/style.js';
import { pad } from '../render/text.js';
import { COMMON_OPTIONS, type Command, type Option } from './command.js';

type Row = readonly [left: string, right: string];

/** What `dormouse` alone prints: every command in one line. */
export function renderOverview(version: string, commands: readonly Row[], { colors }: Style): string {
  return [
    `${colors.bold('dormouse')} ${version}  live probes in running Node programs`,
    '',
    ...renderRows(commands, colors.cyan),
    '',
    `${colors.cyan('dormouse COMMAND --help')} tells more.`,
  ].join('\n');
}

/** A command's arguments, options and notes. */
export function renderHelp(name: string, summary: string, command: Command, { colors }: Style): string {
  const isRead = 'options' in command;
  const positionals = isRead ? command.positionals : [];
  const options = isRead ? Object.entries<Option>({ ...command.options, ...COMMON_OPTIONS }) : [];
  const usage = isRead
    ? [
        ...positionals.map((positional) => (positional.optional ? `[${positional.name}]` : positional.name)),
        '[options]',
      ]
    : [command.passes];
  const sections = [
    `${colors.bold(`dormouse ${name}`)} ${usage.join(' ')}\n\n${summary}.`,
    renderRows(
      positionals.map((positional) => [positional.name, positional.summary]),
      colors.cyan,
    ).join('\n'),
    renderRows(options.map(optionRow), colors.cyan).join('\n'),
    command.notes ?? '',
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function optionRow([name, { short, value, summary, multiple }]: [string, Option]): Row {
  const left = `--${name}${value === undefined ? '' : ` ${value}`}${short === undefined ? '' : `, -${short}`}`;
  return [left, multiple ? `${summary} (repeatable)` : summary];
}

function renderRows(rows: readonly Row[], paint: (text: string) => string): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${pad(paint(left), width)}  ${right}`);
}
