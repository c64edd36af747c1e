import { Client } from '../client/client.js';
import { findConnection, type ConnectionFlags } from '../client/connection.js';
import { readProfiles } from '../client/profiles.js';
import type { OfferedValues } from '../command/command.js';
import { formatLocation } from '../render/capture.js';
import type { Candidate } from './complete.js';

/** What the line says of the collector, and of what is asked there. */
export interface Asking extends ConnectionFlags {
  readonly service?: string;
}

/** Whoever presses a key does not wait longer for a collector, ms. */
const ANSWERS_WITHIN_MS = 1_000;

/** What may stand in one place; nothing where the collector does not say so in time. */
export async function offeredValues(values: OfferedValues, line: Asking): Promise<readonly Candidate[]> {
  if (typeof values !== 'string') return values.map((text) => ({ text, summary: '' }));
  if (values === 'profiles') return profiles();
  try {
    return await ASKED[values](clientFor(line), line);
  } catch {
    return [];
  }
}

const profiles = (): Candidate[] =>
  Object.entries(readProfiles().logins).map(([text, { url }]) => ({ text, summary: url }));

const ASKED: Readonly<
  Record<
    Exclude<OfferedValues, readonly string[] | 'profiles'>,
    (client: Client, line: Asking) => Promise<Candidate[]>
  >
> = {
  services: async (client) =>
    (await client.services()).map(({ service, agents }) => ({
      text: service,
      summary: `${agents.filter(({ connected }) => connected).length} connected`,
    })),

  environments: async (client) =>
    (await client.profile()).environments.map((text) => ({ text, summary: '' })),

  instances: async (client) =>
    (await client.services()).flatMap(({ agents }) =>
      agents
        .filter(({ connected }) => connected)
        .map(({ instance, service, host, pid }) => ({
          text: instance,
          summary: `${service} ${host}:${pid}`,
        })),
    ),

  probes: async (client, { service }) =>
    (await client.probes({ service })).map(({ id, kind, location, state }) => ({
      text: id,
      summary: `${kind} ${formatLocation(location)}, ${state}`,
    })),

  sources: async (client, { service }) => {
    const services = (await client.services()).filter(
      (view) => service === undefined || view.service === service,
    );
    const newest = services.flatMap(({ builds }) => builds.slice(0, 1));
    const outlines = await Promise.all(newest.map(({ buildId }) => client.build(buildId)));
    const paths = outlines.flatMap(({ files }) => files.flatMap(({ sources }) => sources));
    return [...new Set(paths)].map((text) => ({ text, summary: '' }));
  },
};

const clientFor = (line: Asking): Client =>
  new Client(findConnection(line), AbortSignal.timeout(ANSWERS_WITHIN_MS));
