import type { Client } from '../client/client.js';
import { CollectorError } from '../failure.js';

/** Whether a process of a service is there. A collector that is away at this moment is waited for, as `evidence` does: it says nothing of processes. */
export async function isConnected(client: Client, name: string): Promise<boolean> {
  const services = await client.services().catch((error: unknown) => {
    if (error instanceof CollectorError) throw error;
    return undefined;
  });
  if (services === undefined) return true;
  return services.some(
    ({ service, agents }) => service === name && agents.some(({ connected }) => connected),
  );
}
