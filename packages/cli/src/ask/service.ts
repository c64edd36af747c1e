import type { Client } from '../client/client.js';
import { CollectorError, UsageError } from '../failure.js';

/**
 * The service that is meant: the one that was named, or else the only one that has the file.
 * @throws {UsageError} when several have it, or none was ever seen.
 */
export async function chooseService(
  client: Client,
  file: string,
  named: string | undefined,
): Promise<string> {
  if (named !== undefined) return named;
  const services = (await client.services()).map(({ service }) => service);
  const [first] = services;
  if (first === undefined) {
    throw new UsageError(
      'No service has connected to the collector yet. Is DORMOUSE_URL set where the service runs?',
    );
  }
  if (services.length === 1) return first;
  const answers = await Promise.all(services.map((service) => hasFile(client, service, file)));
  const having = services.filter((_, index) => answers[index]);
  const [only] = having;
  if (only !== undefined && having.length === 1) return only;
  const what = having.length > 1 ? `Several services have ${file}` : `No service has a file ${file}`;
  throw new UsageError(
    `${what}. Name one with --service.`,
    (having.length > 1 ? having : services).map((service) => `--service ${service}`),
  );
}

async function hasFile(client: Client, service: string, file: string): Promise<boolean> {
  try {
    await client.points({ service, file });
    return true;
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    return error.has('AMBIGUOUS_FILE');
  }
}
