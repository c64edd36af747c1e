import { afterEach } from 'vitest';
import type { AgentIdentity, Manifest } from '@dormouse/protocol';
import { IN_MEMORY, startCollector, type CollectorOptions } from '../../src/index.ts';
import { TestAgent } from './agent.ts';
import { TestApi } from './api.ts';
import { storageOf } from './storage-of.ts';

export { storageOf };

const ADMIN_TOKEN = 'the-admin-token-of-the-tests-0123456789';
const AGENT_TOKEN = 'the-agent-token-of-the-tests-0123456789';

export interface TestCollector {
  readonly url: string;
  readonly adminToken: string;
  readonly agentToken: string;
  readonly api: TestApi;
  agent(identity?: Partial<AgentIdentity>, manifest?: Manifest, token?: string): Promise<TestAgent>;
  close(): Promise<void>;
}

const running = new Set<() => Promise<void>>();

afterEach(async () => {
  await Promise.all(Array.from(running, (close) => close()));
  running.clear();
});

/** A collector of this test's own, gone after it. */
export async function openCollector(options: CollectorOptions = {}): Promise<TestCollector> {
  const collector = await startCollector({
    port: 0,
    ...(await storageOf(options.data ?? IN_MEMORY)),
    logLevel: 'silent',
    adminToken: ADMIN_TOKEN,
    agentToken: AGENT_TOKEN,
    ...options,
  });
  const close = async (): Promise<void> => {
    running.delete(close);
    await collector.close();
  };
  running.add(close);
  return {
    url: collector.url,
    adminToken: ADMIN_TOKEN,
    agentToken: AGENT_TOKEN,
    api: new TestApi(collector.url, ADMIN_TOKEN),
    agent: (identity, manifest, token = AGENT_TOKEN) =>
      TestAgent.connect(collector.url, token, identity, manifest),
    close,
  };
}
