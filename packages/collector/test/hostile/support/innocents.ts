import type { CaptureView, MintedToken, ProbeView } from '@dormouse/protocol';
import { expect } from 'vitest';
import { IN_MEMORY, startCollector } from '../../../src/index.ts';
import { TestAgent } from '../../support/agent.ts';
import { TestApi } from '../../support/api.ts';
import { storageOf } from '../../support/collector.ts';
import { EventStream } from '../../support/event-stream.ts';
import { MANIFEST_A } from '../../support/manifest.ts';

/** Longest time that anybody innocent may have to wait while others are hostile, ms; machines of tests are busy. */
const PATIENCE_MS = 5_000;
const SOON = { timeout: PATIENCE_MS, interval: 5 };

const EVERYTHING = 'the-admin-token-of-the-tests-0123456789';
/** The environment. */
export const ATTACKED = 'default/default/default';
const ELSEWHERE = 'neighbours/shop/prod';

/** A process and a viewer who do nothing wrong. */
interface Bystander {
  readonly api: TestApi;
  readonly agent: TestAgent;
  /** A probe goes round: from its request to the process, and from a hit to the viewer. */
  expectUndisturbed(): Promise<void>;
  leave(): void;
}

/** Bystanders beside whoever is hostile, at one collector: in the environment that is attacked, and in another organisation. */
export interface Innocents {
  readonly url: string;
  /** An admin of everything. */
  readonly everything: string;
  /** Of the environment that is attacked, as all that follows. */
  readonly adminToken: string;
  readonly agentToken: string;
  readonly api: TestApi;
  readonly agent: TestAgent;
  expectUndisturbed(): Promise<void>;
  stop(): Promise<void>;
}

export async function startInnocents(): Promise<Innocents> {
  const collector = await startCollector({
    port: 0,
    ...(await storageOf(IN_MEMORY)),
    logLevel: 'silent',
    adminToken: EVERYTHING,
    rateLimits: { perCaller: 1e9, perAddress: 1e9 },
  });
  const { url } = collector;
  const admin = new TestApi(url, EVERYTHING);
  for (const place of ['neighbours', 'neighbours/shop', ELSEWHERE])
    await admin.expect('POST', '/places', { place });
  const mint = async (place: string, rights: object): Promise<string> =>
    (await admin.expect<MintedToken>('POST', '/tokens', { name: place, place, ...rights })).secret;
  const settle = async (place: string) => {
    const adminToken = await mint(place, { role: 'admin', grants: ['values', 'raise-limits'] });
    const agentToken = await mint(place, { kind: 'agent' });
    return { adminToken, agentToken, bystander: await stand(url, adminToken, agentToken) };
  };
  const { bystander, ...tokens } = await settle(ATTACKED);
  const { bystander: neighbour } = await settle(ELSEWHERE);

  return {
    url,
    everything: EVERYTHING,
    ...tokens,
    api: bystander.api,
    agent: bystander.agent,
    async expectUndisturbed() {
      await Promise.all([bystander.expectUndisturbed(), neighbour.expectUndisturbed()]);
    },
    async stop() {
      bystander.leave();
      neighbour.leave();
      await collector.close();
    },
  };
}

async function stand(url: string, adminToken: string, agentToken: string): Promise<Bystander> {
  const api = new TestApi(url, adminToken);
  const agent = await TestAgent.connect(url, agentToken, {}, MANIFEST_A);
  const viewer = await EventStream.open({ url, adminToken });
  let isClosed = false;
  agent.socket.once('close', () => (isClosed = true));
  return {
    api,
    agent,
    async expectUndisturbed() {
      const { id } = await api.snapshot();
      await expect.poll(() => agent.told.includes(id), SOON).toBe(true);
      const hit = agent.capture(id);
      await agent.deliver([hit]);
      await expect.poll(() => viewer.ids.includes(hit.id), SOON).toBe(true);
      expect(await api.get<CaptureView>(`/captures/${hit.id}`)).toMatchObject({ probe: id });
      expect(await api.expect<ProbeView>('DELETE', `/probes/${id}`)).toMatchObject({ hits: 1 });
      expect(isClosed).toBe(false);
    },
    leave: () => viewer.close(),
  };
}
