import { setTimeout as sleep } from 'node:timers/promises';

import type { ProbeView } from '@dormouse/protocol';

import type { Client } from '../client/client.js';
import { isConnected } from './is-connected.js';

/** Time that processes have to say that they have disarmed a probe, and pause between two looks, ms. */
const LAST_REPORT_MS = 2_000;
const LOOK_AGAIN_MS = 100;

/**
 * Removes a probe that has not ended. A process that has not said anything of it yet will, where one is connected.
 * @returns it with the last reports of its processes, as far as they come in time
 */
export async function settled(client: Client, { id, service }: ProbeView): Promise<ProbeView> {
  await client.removeProbe(id);
  const until = Date.now() + LAST_REPORT_MS;
  const least = (await isConnected(client, service)) ? 1 : 0;
  for (;;) {
    const probe = await client.probe(id);
    const { agents } = probe;
    const isOver = agents.length >= least && agents.every(({ state }) => state === 'disarmed');
    if (isOver || Date.now() > until) return probe;
    await sleep(LOOK_AGAIN_MS);
  }
}
