import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeView } from '@dormouse/protocol';
import type { Page } from 'playwright-core';
import type { TestAgent } from '../../packages/collector/test/support/agent.ts';
import { TURNS_A_SECOND, watchWhile, type Smoothness } from './smoothness.ts';

export const PER_SECOND = 1_000;
const BATCH = PER_SECOND / TURNS_A_SECOND;

export interface TailFigures extends Smoothness {
  readonly rowsHeld: number;
}

/** @param rows held by the tail before it is watched, or nearly so many */
export async function measureTail(
  page: Page,
  agent: TestAgent,
  probe: ProbeView,
  { rows, seconds }: { readonly rows: number; readonly seconds: number },
): Promise<TailFigures> {
  await page.evaluate(`location.hash = '#/tail/trades'`);
  await page.getByText('Live', { exact: true }).waitFor();
  for (let sent = 0; sent < rows; sent += BATCH) await agent.deliver(batchOf(agent, probe));
  while ((await held(page)) < rows * 0.97) await sleep(200);
  const smoothness = await watchWhile(page, seconds, () => agent.deliver(batchOf(agent, probe)));
  return { ...smoothness, rowsHeld: await held(page) };
}

let written = 0;

function batchOf(agent: TestAgent, probe: ProbeView): ReturnType<TestAgent['capture']>[] {
  return Array.from({ length: BATCH }, () =>
    agent.capture(probe.id, {
      kind: 'log',
      level: 'info',
      message: `order ${++written} of customer ${written % 977} was scored ${written % 100}`,
    }),
  );
}

async function held(page: Page): Promise<number> {
  const text = await page.locator('.count').textContent();
  return Number(text?.replaceAll(/\D/g, ''));
}
