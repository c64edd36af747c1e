import type { Client } from '../client/client.js';
import type { Option } from '../command/command.js';
import { CollectorError, OperationFailed, UsageError } from '../failure.js';

/** Which service a command is about. */
export const SERVICE_OPTION = {
  type: 'string',
  value: 'NAME',
  values: 'services',
  summary: 'The service, default DORMOUSE_SERVICE, or the only one that has the file',
} as const satisfies Option;

/**
 * The service that is meant: the one that was named, or else the only one that has the file.
 * @throws {UsageError} when several have it.
 */
export async function chooseService(
  client: Client,
  file: string,
  named = process.env['DORMOUSE_SERVICE'],
): Promise<string> {
  if (named) return named;
  const services = (await client.services()).map(({ service }) => service);
  const [first] = services;
  if (first === undefined) throw noService();
  if (services.length === 1) return first;
  const objections = await Promise.all(services.map((service) => objection(client, service, file)));
  const [only, ...others] = services.filter((_, index) => objections[index] === undefined);
  if (only === undefined) throw nowhere(file, objections);
  if (others.length > 0) throw ambiguous(file, [only, ...others]);
  return only;
}

/**
 * The service that is meant where no file tells: the one that was named, or else the only one that there is.
 * @throws {UsageError} when there are several.
 */
export async function onlyService(client: Client, named = process.env['DORMOUSE_SERVICE']): Promise<string> {
  if (named) return named;
  const services = (await client.services()).map(({ service }) => service);
  const [only, ...others] = services;
  if (only === undefined) throw noService();
  if (others.length === 0) return only;
  throw new UsageError(
    'There are several services. Name one with --service or DORMOUSE_SERVICE.',
    services.map((service) => `--service ${service}`),
  );
}

/** Why the service cannot be meant; undefined where it has the file, or several that end so. */
async function objection(client: Client, service: string, file: string): Promise<CollectorError | undefined> {
  try {
    await client.points({ service, file });
    return undefined;
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    return error.has('AMBIGUOUS_FILE') ? undefined : error;
  }
}

function noService(): OperationFailed {
  const advice = 'Services connect when they run with @dormouse/runtime, DORMOUSE_URL and DORMOUSE_TOKEN.';
  return new OperationFailed('UNKNOWN_SERVICE', `No service has connected to the collector yet. ${advice}`);
}

function nowhere(file: string, objections: readonly (CollectorError | undefined)[]): OperationFailed {
  const suggestions = new Set(objections.flatMap((objection) => objection?.error.suggestions ?? []));
  return new OperationFailed('UNKNOWN_FILE', `None of the services has a file ${file}.`, [...suggestions]);
}

function ambiguous(file: string, services: readonly string[]): UsageError {
  const suggestions = services.map((service) => `--service ${service}`);
  return new UsageError(
    `Several services have ${file}. Name one with --service or DORMOUSE_SERVICE.`,
    suggestions,
  );
}
