import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import type { PolicyView } from '@dormouse/protocol';

import type { Client } from '../client/client.js';
import { OperationFailed } from '../failure.js';
import { policyName } from '../render/policy.js';
import { count } from '../render/text.js';

/** Processes confirm within moments; one that has not by then is slow, or lost. */
const PATIENCE_MS = 5_000;
const POLL_MS = 100;

/** Processes that an error names. */
const NAMED = 5;

/**
 * Waits until all processes that a policy is for have said that they have it.
 * @returns the policy as it then is
 * @throws {OperationFailed} where some have not said so in time
 */
export async function confirmed(client: Client, policy: PolicyView): Promise<PolicyView> {
  const deadline = Date.now() + PATIENCE_MS;
  let latest = policy;
  while (latest.processes.current < latest.processes.connected) {
    if (Date.now() > deadline) throw unconfirmed(latest);
    await pause(POLL_MS);
    latest = await again(client, latest);
  }
  return latest;
}

/** The policy of one process, or of a pool, is among all others only. */
async function again(client: Client, policy: PolicyView): Promise<PolicyView> {
  if (policy.instance === undefined && policy.pool === undefined) return client.policy(policy.service);
  const policies = await client.policies();
  return policies.find((other) => isDeepStrictEqual(scopeOf(other), scopeOf(policy))) ?? policy;
}

const scopeOf = ({ service, instance, pool }: PolicyView): object => ({ service, instance, pool });

function unconfirmed(policy: PolicyView): OperationFailed {
  const { connected, current, behind } = policy.processes;
  const named = behind.slice(0, NAMED).map(({ instance, service }) => `${instance} of ${service}`);
  const without = connected - current;
  const others = without > named.length ? ' and others' : '';
  return new OperationFailed(
    'UNCONFIRMED',
    `The policy of ${policyName(policy)} is set, but ${count(without, 'process has', 'processes have')} not confirmed it within ${PATIENCE_MS / 1_000} s: ${named.join(', ')}${others}. They have it as soon as they answer.`,
  );
}
