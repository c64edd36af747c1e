import { sql } from 'kysely';
import { Client } from 'pg';
import { TOPICS, type Announcements, type Topic } from '../contract/announcements.js';
import type { EnvironmentId } from '../sql/environment.js';
import type { Engine } from '../sql/engine.js';

const CHANNEL = 'dormouse';
/** Time before a lost connection is tried again, ms. */
const RETRY_MS = 1_000;

/** Who tells, and of what: `<environment> <collector> <topic>`. */
const payload = (environment: EnvironmentId, collector: string, topic: Topic): string =>
  `${environment} ${collector} ${topic}`;

/**
 * Announces with the transaction: `NOTIFY` is delivered when it is through, and equal ones once. It takes a lock
 * of the whole server until then, which is why captures are never announced.
 */
export const announceBy =
  (environment: EnvironmentId, collector: string): Engine['announce'] =>
  async (queries, topic) => {
    await sql`select pg_notify(${CHANNEL}, ${payload(environment, collector, topic)})`.execute(queries);
  };

/** Listens on a connection of its own, and connects again for as long as it takes. */
export const postgresAnnouncements = (
  url: string,
  environment: EnvironmentId,
  collector: string,
): Announcements => ({
  isShared: true,

  async listen(hear) {
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
      fresh.on('notification', ({ payload: text = '' }) => {
        const [from, by, topic] = text.split(' ');
        if (from === String(environment) && by !== collector) hear(topic as Topic);
      });
      await fresh.query(`listen ${CHANNEL}`);
      for (const topic of TOPICS) hear(topic);
    };

    await connect();
    return async () => {
      stopped = true;
      clearTimeout(retry);
      await client?.end();
    };
  },
});
