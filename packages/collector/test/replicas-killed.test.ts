import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Capture, CaptureView, ProbeView } from '@dormouse/protocol';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startPostgres, type Postgres } from '../../../scripts/lib/postgres.ts';
import { TestAgent } from './support/agent.ts';
import { TestApi } from './support/api.ts';
import { MANIFEST_A } from './support/manifest.ts';

/** Two collectors as processes on one PostgreSQL, one of which is killed. */

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const TOKENS = {
  DORMOUSE_ADMIN_TOKEN: 'an-admin-token-chosen-by-the-operator',
  DORMOUSE_AGENT_TOKEN: 'an-agent-token-chosen-by-the-operator',
};

let postgres: Postgres;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  postgres = await startPostgres();
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

afterAll(() => postgres.stop());

async function start() {
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--json'], {
    env: { PATH: process.env['PATH'], ...TOKENS, DORMOUSE_DATABASE: postgres.url },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.add(child);
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
  const { url } = JSON.parse(line) as { url: string };
  return { child, url, api: new TestApi(url, TOKENS.DORMOUSE_ADMIN_TOKEN) };
}

test('nothing that the killed one acknowledged is lost, and what is sent again to the other is there once', async () => {
  const [one, other] = await Promise.all([start(), start()]);
  const agent = await TestAgent.connect(one.url, TOKENS.DORMOUSE_AGENT_TOKEN, {}, MANIFEST_A);
  const { id } = await one.api.snapshot({ limits: { hits: 100_000 } });

  const sent: Capture[] = [];
  const acknowledged: string[] = [];
  const killed = once(one.child, 'exit');
  for (;;) {
    const batch = Array.from({ length: 20 }, () => agent.capture(id));
    sent.push(...batch);
    agent.send({ type: 'captures', batch: sent.length, captures: batch });
    // At some moment of what follows, from the message's arrival to its answer.
    if (sent.length === 200) setTimeout(() => one.child.kill('SIGKILL'), 20 * Math.random());
    const answer = await Promise.race([agent.next('stored'), killed]);
    if (Array.isArray(answer)) break;
    acknowledged.push(...batch.map((capture) => capture.id));
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(180);

  const { instance } = agent.identity;
  const back = await TestAgent.connect(other.url, TOKENS.DORMOUSE_AGENT_TOKEN, { instance }, MANIFEST_A);
  expect(back.told).toEqual([id]);
  const stored = async (): Promise<string[]> => {
    const ids: string[] = [];
    for (let after = '0'; ;) {
      const page = await other.api.get<{ captures: CaptureView[]; next?: string }>(
        `/captures?limit=1000&after=${after}`,
      );
      ids.push(...page.captures.map((capture) => capture.id));
      if (page.next === undefined) return ids;
      after = page.next;
    }
  };
  expect(await stored()).toEqual(expect.arrayContaining(acknowledged));
  await back.deliver(sent.slice(-60));
  const all = await stored();
  expect(all.toSorted()).toEqual(sent.map((capture) => capture.id).toSorted());
  expect((await other.api.get<ProbeView>(`/probes/${id}`)).hits).toBe(sent.length);
});
