import type { GroupView } from '@dormouse/protocol';

import { parseDuration } from '../ask/quantity.js';
import type { Client } from '../client/client.js';
import { actionNamed } from '../command/action.js';
import { defineCommand } from '../command/command.js';
import { UsageError } from '../failure.js';
import { renderGroups } from '../render/group.js';
import { renderProbes } from '../render/probe.js';

interface Asked {
  readonly client: Client;
  readonly rest: readonly string[];
  readonly time: string | undefined;
}

/** What the first argument asks for, of one group. */
const ACTIONS: Readonly<Record<string, (asked: Asked) => Promise<GroupView>>> = {
  start: ({ client, rest: [name], time }) =>
    client.createGroup({
      name: required(name, 'what it is about, such as "incident 4711"'),
      ...(time !== undefined && { expiresInMs: parseDuration('for', time) }),
    }),
  show: ({ client, rest }) => client.group(idOf(rest)),
  add: ({ client, rest }) => {
    const [, ...probes] = rest;
    required(probes[0], 'the ids of probes');
    return client.addToGroup(idOf(rest), probes);
  },
  extend: ({ client, rest, time }) =>
    client.extendGroup(idOf(rest), parseDuration('for', required(time, '--for, how long from now'))),
  end: ({ client, rest }) => client.endGroup(idOf(rest)),
};

export const command = defineCommand({
  positionals: [
    {
      name: 'ACTION',
      values: ['list', ...Object.keys(ACTIONS)],
      summary: 'list (default), start, show, add, extend or end',
      optional: true,
    },
    {
      name: 'WHAT',
      summary: 'the name of a new group, or its id and those of probes',
      optional: true,
      many: true,
    },
  ],
  options: {
    for: { type: 'string', value: 'TIME', summary: 'start, extend: end after this time; default 1h' },
    all: { type: 'boolean', short: 'a', summary: 'list: ended ones, too' },
  },
  notes: `Examples
  dormouse group start 'incident 4711' --for 2h
  dormouse snapshot risk.ts:42 --no-wait --group g_9f2c41d07a3b
  dormouse group add g_9f2c41d07a3b p_2x8k4m9q1z
  dormouse tail --group g_9f2c41d07a3b              # all that its probes find
  dormouse group extend g_9f2c41d07a3b --for 4h
  dormouse group end g_9f2c41d07a3b                 # and all its probes`,
  async run({ client, values: { all, for: time }, positionals: [action = 'list', ...rest], answer, note }) {
    if (action === 'list') {
      const groups = await client.groups({ state: all === true ? undefined : 'active' });
      answer({ groups }, (style) => renderGroups(groups, style));
      if (groups.length === 0)
        note(all === true ? 'No groups.' : 'No active groups; --all lists ended ones.');
      return;
    }
    const act = actionNamed(ACTIONS, action, ['list']);
    const group = await act({ client, rest, time });
    const probes = action === 'show' ? await client.probes({ group: group.id }) : [];
    answer(group, (style) =>
      [renderGroups([group], style), renderProbes(probes, style)].filter((part) => part !== '').join('\n\n'),
    );
  },
});

const idOf = ([id]: readonly string[]): string =>
  required(id, 'the id of a group, as "dormouse group" lists it');

function required(text: string | undefined, what: string): string {
  if (text === undefined) throw new UsageError(`Say ${what}.`);
  return text;
}
