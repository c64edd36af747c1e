import { confirmed } from '../command/confirmed.js';
import { POOL_OPTIONS, poolOf } from '../ask/pool.js';
import { defineCommand } from '../command/command.js';
import { UsageError } from '../failure.js';
import { policyName, renderPolicy } from '../render/policy.js';
import { count, escapeUnsafe } from '../render/text.js';

export const command = defineCommand({
  positionals: [
    {
      name: 'SERVICE',
      values: 'services',
      summary: 'whose probes; without it all probes, or those of the processes that the options name',
      optional: true,
    },
  ],
  options: {
    reason: { type: 'string', value: 'TEXT', summary: 'Why; others who miss their probes will read it' },
    off: { type: 'boolean', summary: 'Switch them on again: what is still wanted is armed' },
    instance: { type: 'string', value: 'ID', values: 'instances', summary: 'Only in this process' },
    ...POOL_OPTIONS,
    wait: {
      type: 'boolean',
      summary: 'Wait until all processes have confirmed; the default. --no-wait returns at once',
    },
  },
  notes: `Examples
  dormouse kill --reason 'incident 4711'           # everything, everywhere
  dormouse kill trades --reason 'load test'
  dormouse kill trades --off
  dormouse kill trades --build 0123456789abcdef01234567 --reason 'bad release'
  dormouse kill --tag region=eu --reason 'incident 4712'

Probes are disarmed at once, and none can be placed or armed until the switch is off, whoever restarts meanwhile. They
stay what they are, and go on if they have not expired. A program can do the same for itself, and then nobody else can
switch its probes on: killSwitch(true), or DORMOUSE_DISABLED=1 at its start.`,
  async run({ client, values, positionals: [service], answer, note }) {
    const { reason, off, instance, wait } = values;
    const on = off !== true;
    const pool = poolOf(values);
    if (on && reason === undefined) throw new UsageError('--reason is missing: say why, others will ask.');
    const policy = await client.setKillSwitch({
      on,
      ...(reason !== undefined && { reason }),
      ...(service !== undefined && { service }),
      ...(instance !== undefined && { instance }),
      ...(pool !== undefined && { pool }),
    });
    const latest = wait === false ? policy : await confirmed(client, policy);
    answer(latest, (style) => renderPolicy(latest, style));
    const have = count(latest.processes.current, 'connected process has', 'connected processes have');
    const what = `Probes of ${escapeUnsafe(policyName(latest))} are switched ${on ? 'off' : 'on'}`;
    note(wait === false ? `${what}.` : `${what}; ${have} confirmed it.`);
  },
});
