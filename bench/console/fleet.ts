import { DEFAULT_PROCESS_LIMITS, type ProbeView } from '@dormouse/protocol';
import type { Page } from 'playwright-core';
import { TestAgent } from '../../packages/collector/test/support/agent.ts';
import { MANIFEST_A } from '../../packages/collector/test/support/manifest.ts';
import { sampleReport } from '../../packages/collector/test/storage/support/samples.ts';
import type { Stage } from '../../scripts/lib/stage.ts';
import { TURNS_A_SECOND, watchWhile, type Smoothness } from './smoothness.ts';

const STATUSES_A_TURN = 20;
const CONNECTED_AT_ONCE = 50;

/** Many processes say what their probes have taken, while somebody scrolls through them and puts them in another order. */
export async function measureFleet(
  page: Page,
  stage: Stage,
  probe: ProbeView,
  { processes, seconds }: { readonly processes: number; readonly seconds: number },
): Promise<Smoothness> {
  const agents = await connect(stage, processes);
  await page.evaluate(`location.hash = '#/fleet/trades'`);
  const list = page.getByRole('listbox', { name: 'Processes of trades' });
  const order = page.getByRole('button', { name: 'Overhead' });
  await list.getByRole('option').nth(10).waitFor();
  const smoothness = await watchWhile(page, seconds, async (turns) => {
    for (let told = 0; told < STATUSES_A_TURN; told++)
      tell(agents[(turns * STATUSES_A_TURN + told) % agents.length]!, probe, turns);
    if (turns % TURNS_A_SECOND === 0) await order.click();
    else await list.evaluate('(list) => list.scrollBy(0, 300)');
  });
  await Promise.all(agents.map((agent) => agent.disconnect()));
  return smoothness;
}

async function connect({ collector, agentToken }: Stage, processes: number): Promise<readonly TestAgent[]> {
  const agents: TestAgent[] = [];
  while (agents.length < processes) {
    const some = Array.from(
      { length: Math.min(CONNECTED_AT_ONCE, processes - agents.length) },
      (_, index) => {
        const identity = {
          host: `web-${agents.length + index}`,
          tags: { region: index % 2 === 0 ? 'eu' : 'us' },
        };
        return TestAgent.connect(collector.url, agentToken, identity, MANIFEST_A);
      },
    );
    agents.push(...(await Promise.all(some)));
  }
  return agents;
}

const tell = (agent: TestAgent, probe: ProbeView, turns: number): void =>
  agent.send({
    type: 'status',
    revision: 1,
    reports: [sampleReport(probe.id, { state: 'armed', seen: turns })],
    budget: {
      limits: DEFAULT_PROCESS_LIMITS,
      spentMs: turns * Math.random(),
      captures: turns,
      bytes: turns * 1_000,
    },
  });
