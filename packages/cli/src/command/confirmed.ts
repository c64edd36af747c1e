import { setTimeout as pause } from 'node:timers/promises';

import type { PolicyView } from '@dormouse/protocol';

import type { Client } from '../client/client.js';
import { OperationFailed } from '../failure.js';
import { policyName } from '../render/policy.js';
import { count } from '../render/text.js';

/** Processes confirm within moments; one that has not by then is slow, or lost. */
const PATIENCE_MS = 5_000;
const POLL_MS = 100;

/**
 * Waits until all processes that a policy is for have said that they have it.
 * @returns the policy as it then is
 * @throws {OperationFailed} where some have not said so in time
 */
export async function confirmed(client: Client, policy: PolicyView): Promise<PolicyView> {
  const deadline = Date.now() + PATIENCE_MS;
  let latest = policy;
  while (latest.processes.some(({ isCurrent }) => !isCurrent)) {
    if (Date.now() > deadline) throw unconfirmed(latest);
    await pause(POLL_MS);
    latest = await again(client, latest);
  }
  return latest;
}

async function again(client: Client, policy: PolicyView): Promise<PolicyView> {
  const policies = await client.policies();
  return policies.find((other) => policyName(other) === policyName(policy)) ?? policy;
}

function unconfirmed(policy: PolicyView): OperationFailed {
  const without = policy.processes.filter(({ isCurrent }) => !isCurrent);
  const named = without.map(({ instance, service }) => `${instance} of ${service}`);
  return new OperationFailed(
    'UNCONFIRMED',
    `The policy of ${policyName(policy)} is set, but ${count(without.length, 'process has', 'processes have')} not confirmed it within ${PATIENCE_MS / 1_000} s: ${named.join(', ')}. They have it as soon as they answer.`,
  );
}
