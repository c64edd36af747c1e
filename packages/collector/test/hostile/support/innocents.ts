import type { CaptureView, ProbeView } from '@dormouse/protocol';
import { expect } from 'vitest';
import { IN_MEMORY, startCollector } from '../../../src/index.ts';
import { TestAgent } from '../../support/agent.ts';
import { TestApi } from '../../support/api.ts';
import { EventStream } from '../../support/event-stream.ts';
import { MANIFEST_A } from '../../support/manifest.ts';

/** Longest time that anybody innocent may have to wait while others are hostile, ms; machines of tests are busy. */
const PATIENCE_MS = 5_000;

const adminToken = 'the-admin-token-of-the-tests-0123456789';
const agentToken = 'the-agent-token-of-the-tests-0123456789';

/** A process and a viewer who do nothing wrong, beside whoever does, at one collector. */
export interface Innocents {
  readonly url: string;
  readonly adminToken: string;
  readonly agentToken: string;
  readonly api: TestApi;
  readonly agent: TestAgent;
  /** A probe goes round: from its request to the process, and from a hit to the viewer. */
  expectUndisturbed(): Promise<void>;
  stop(): Promise<void>;
}

export async function startInnocents(): Promise<Innocents> {
  const collector = await startCollector({
    port: 0,
    data: IN_MEMORY,
    logLevel: 'silent',
    adminToken,
    agentToken,
    rateLimits: { perCaller: 1e9 },
  });
  const { url } = collector;
  const api = new TestApi(url, adminToken);
  const agent = await TestAgent.connect(url, agentToken, {}, MANIFEST_A);
  const viewer = await EventStream.open({ url, adminToken });
  let isClosed = false;
  agent.socket.once('close', () => (isClosed = true));

  return {
    url,
    adminToken,
    agentToken,
    api,
    agent,
    async expectUndisturbed() {
      const soon = { timeout: PATIENCE_MS, interval: 5 };
      const { id } = await api.snapshot();
      await expect.poll(() => agent.told.includes(id), soon).toBe(true);
      const hit = agent.capture(id);
      await agent.deliver([hit]);
      await expect.poll(() => viewer.ids.includes(hit.id), soon).toBe(true);
      expect(await api.get<CaptureView>(`/captures/${hit.id}`)).toMatchObject({ probe: id });
      expect(await api.expect<ProbeView>('DELETE', `/probes/${id}`)).toMatchObject({ hits: 1 });
      expect(isClosed).toBe(false);
    },
    async stop() {
      viewer.close();
      await collector.close();
    },
  };
}
