import type { PolicyView } from '@dormouse/protocol';

import {
  changeDenyList,
  changeLimits,
  changeRedaction,
  replacePolicy,
  type PolicyChange,
  type RedactionOptions,
} from '../ask/policy-change.js';
import { LIMIT_EXAMPLES } from '../ask/process-limits.js';
import type { Client } from '../client/client.js';
import { actionNamed } from '../command/action.js';
import { defineCommand, type Invocation, type Options } from '../command/command.js';
import { confirmed } from '../command/confirmed.js';
import { CollectorError, UsageError } from '../failure.js';
import { renderPolicies, renderPolicy } from '../render/policy.js';
import { escapeUnsafe } from '../render/text.js';

interface Values extends RedactionOptions {
  readonly remove?: boolean;
}

/** What the first argument makes of the others. */
const CHANGES: Readonly<Record<string, (rest: readonly string[], values: Values) => PolicyChange>> = {
  deny: (rest, { remove = false }) => changeDenyList(rest, remove),
  redact: (rest, { remove = false, ...options }) => changeRedaction(rest, options, remove),
  limit: (rest, { remove = false }) => changeLimits(rest, remove),
  apply: ([path]) => replacePolicy(path),
};

/** Somebody else changed the policy meanwhile: it is read and changed again, so often. */
const ATTEMPTS = 5;

export const command = defineCommand({
  positionals: [
    {
      name: 'ACTION',
      values: ['show', ...Object.keys(CHANGES)],
      summary: 'show (default), deny, redact, limit or apply',
      optional: true,
    },
    { name: 'WHAT', summary: 'entries, names, limits, or the file to apply', optional: true, many: true },
  ],
  options: {
    service: {
      type: 'string',
      value: 'NAME',
      values: 'services',
      summary: 'Of this service; default: of everything',
    },
    remove: { type: 'boolean', summary: 'Take away instead of adding' },
    allow: { type: 'string', value: 'NAME', multiple: true, summary: 'redact: show this name after all' },
    pattern: {
      type: 'string',
      value: 'NAME=REGEX',
      multiple: true,
      summary: 'redact: hide what matches, wherever it stands',
    },
    only: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      summary: 'redact: hide all values but those so named',
    },
    wait: {
      type: 'boolean',
      summary: 'Wait until all processes have confirmed; the default. --no-wait returns at once',
    },
  },
  notes: `Examples
  dormouse policy                                   # what holds where, and which processes have it
  dormouse policy deny 'src/vault/**' '#decrypt'    # may never be probed
  dormouse policy deny '#decrypt' --remove
  dormouse policy redact tier --pattern 'employee=\\bE\\d{6}\\b' --service trades
  dormouse policy redact --only total --only symbol --service trades
  dormouse policy limit cpu=0.5% hits=100           # lower what processes allow
  dormouse policy limit cpu --remove
  dormouse policy show --service trades --json > trades.json
  dormouse policy apply trades.json --service trades

Limits: ${LIMIT_EXAMPLES}
A process has its own deny list and limits, too; a policy can forbid more and allow less, never the other way round. What
is of everything and what is of a service add up. Changes hold for armed probes at once.`,
  async run({ client, values, positionals: [action = 'show', ...rest], answer, note }) {
    if (action === 'show') return show(client, values.service, rest, answer);
    const change = actionNamed(CHANGES, action, ['show'])(rest, values);
    const policy = await changePolicy(client, values.service, change);
    const latest = values.wait === false ? policy : await confirmed(client, policy);
    answer(latest, (style) => renderPolicy(latest, style));
    for (const entry of latest.unmatched)
      note(
        `${escapeUnsafe(entry)} matches nothing in the builds that run now. Is it written as they know it?`,
      );
  },
});

type Answer = Invocation<Options>['answer'];

async function show(
  client: Client,
  service: string | undefined,
  rest: readonly string[],
  answer: Answer,
): Promise<void> {
  if (rest.length > 0)
    throw new UsageError(`"${rest[0]}" is one argument too many. --service names a service.`);
  if (service !== undefined) {
    const policy = await client.policy(service);
    return answer(policy, (style) => renderPolicy(policy, style));
  }
  const policies = await client.policies();
  answer({ policies }, (style) => renderPolicies(policies, style));
}

async function changePolicy(
  client: Client,
  service: string | undefined,
  change: PolicyChange,
  attempts = ATTEMPTS,
): Promise<PolicyView> {
  const policy = await client.policy(service);
  const { deny, redaction, limits, revision } = policy;
  try {
    return await client.putPolicy(service, { ...change({ deny, redaction, limits }), revision });
  } catch (error) {
    if (!(error instanceof CollectorError) || !error.has('CONFLICT') || attempts === 1) throw error;
    return changePolicy(client, service, change, attempts - 1);
  }
}
