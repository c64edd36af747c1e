import { sql, type QueryExecutorProvider } from 'kysely';
import { Client } from 'pg';
import { TOPICS, type Announcements, type Topic } from '../contract/announcements.js';
import type { PlaceId } from '../contract/directory/places.js';

const CHANNEL = 'dormouse';
/** Time before a lost connection is tried again, ms. */
const RETRY_MS = 1_000;

/**
 * Announces with the transaction: `NOTIFY` is delivered when it is through, and equal ones once. It takes a lock
 * of the whole server until then, which is why captures are never announced.
 * @param place the environment that it is about, or everywhere
 * @param collector who tells
 */
export async function announce(
  queries: QueryExecutorProvider,
  place: PlaceId,
  collector: string,
  topic: Topic | 'directory',
): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${`${place} ${collector} ${topic}`})`.execute(queries);
}

/** Those who listen to one place. */
type Hear = (topic: Topic) => void;

/** Listens for all places on one connection of its own while anybody does, and connects again for as long as it takes. */
export function postgresAnnouncements(url: string, collector: string): (place: PlaceId) => Announcements {
  const listeners = new Map<PlaceId, Set<Hear>>();
  let ear: Promise<() => Promise<void>> | undefined;

  const all = (): Hear[] => Array.from(listeners.values(), (those) => [...those]).flat();
  const hear = (payload: string): void => {
    const [place, by, topic] = payload.split(' ');
    if (by === collector) return;
    for (const tell of listeners.get(Number(place)) ?? []) tell(topic as Topic);
  };
  const missed = (): void => {
    for (const tell of all()) TOPICS.forEach(tell);
  };

  return (place) => ({
    isShared: true,

    async listen(tell) {
      const mine: Hear = (topic) => tell(topic);
      const those = listeners.get(place) ?? new Set();
      listeners.set(place, those.add(mine));
      const isFirst = ear === undefined;
      ear ??= listenAt(url, hear, missed);
      try {
        await ear;
      } catch (error) {
        those.delete(mine);
        ear = undefined;
        throw error;
      }
      if (!isFirst) TOPICS.forEach(mine);
      return async () => {
        those.delete(mine);
        if (all().length > 0) return;
        const stopListening = await ear;
        ear = undefined;
        await stopListening?.();
      };
    },
  });
}

/** @returns how to stop */
async function listenAt(
  url: string,
  hear: (payload: string) => void,
  missed: () => void,
): Promise<() => Promise<void>> {
  let stopped = false;
  let client: Client | undefined;
  let retry: NodeJS.Timeout | undefined;

  const reconnect = (): void => {
    if (stopped) return;
    client = undefined;
    retry = setTimeout(() => void connect().catch(reconnect), RETRY_MS);
  };
  const connect = async (): Promise<void> => {
    const fresh = new Client({ connectionString: url, application_name: 'dormouse, listening' });
    fresh.on('error', () => {});
    await fresh.connect();
    fresh.on('end', reconnect);
    client = fresh;
    fresh.on('notification', ({ payload = '' }) => hear(payload));
    await fresh.query(`listen ${CHANNEL}`);
    missed();
  };

  await connect();
  return async () => {
    stopped = true;
    clearTimeout(retry);
    await client?.end();
  };
}
