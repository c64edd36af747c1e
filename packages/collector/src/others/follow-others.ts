import type { Core } from '../core.js';
import { TOPICS, type Topic } from '../storage/contract/announcements.js';
import { LEASE_MS } from '../storage/contract/presence.js';
import { Chore } from './chore.js';

/** Everything is looked at so often even if nobody announced it, ms. */
const LOOK_EVERY_MS = 5_000;
/** While somebody waits for news it is looked for so often, ms: captures are not announced. */
const NEWS_EVERY_MS = 200;
/** All processes of others are read at once; while many come and go it is not done more often, ms. */
const AGENTS_EVERY_MS = 300;
/** How often this collector says that it is alive, ms. */
const RENEW_EVERY_MS = LEASE_MS / 3;

/**
 * Does here what other collectors on the same storage have done, from now on; nothing where there can be none.
 * Announcements make it fast, looking now and then makes it certain.
 * @returns how to stop, which tells the others that this collector is gone
 */
export async function followOthers(core: Core): Promise<() => Promise<void>> {
  const { storage, fleet, probes, policies, news, log } = core;
  const { announcements, presence, events } = storage;
  if (!announcements.isShared) return async () => {};

  const chore = (work: () => Promise<unknown>, restMs = 0): Chore =>
    new Chore(work, (err) => log.error({ err }, 'other collectors could not be followed'), restMs);
  const topics: Readonly<Record<Topic, Chore>> = {
    probes: chore(() => probes.follow()),
    policies: chore(() => policies.reload()),
    agents: chore(async () => {
      for (const service of await fleet.follow()) probes.processesChanged(service);
    }, AGENTS_EVERY_MS),
    builds: chore(async () => {
      fleet.refresh();
      for (const service of await storage.services.names()) probes.processesChanged(service);
    }),
  };
  let last = 0;
  const newsOfOthers = chore(async () => {
    if (!news.isAwaited) return;
    const cursor = await events.last();
    if (cursor > last) news.ring();
    last = cursor;
  });
  const renewal = chore(() => presence.renew());

  await presence.renew();
  const mute = await announcements.listen((topic) => topics[topic].ask());
  const timers = [
    setInterval(() => renewal.ask(), RENEW_EVERY_MS),
    setInterval(() => newsOfOthers.ask(), NEWS_EVERY_MS),
    setInterval(() => TOPICS.forEach((topic) => topics[topic].ask()), LOOK_EVERY_MS),
  ];
  return async () => {
    timers.forEach(clearInterval);
    await mute();
    await Promise.all([renewal, newsOfOthers, ...Object.values(topics)].map((one) => one.done()));
    await presence.leave();
  };
}
