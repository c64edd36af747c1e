/**
 * `npm run bench -- console`: how soon the console can be used, whether its live tail stays smooth with many rows while many
 * more arrive, and its fleet with many processes; in a Chromium without a display, which draws on the processor.
 *
 * `--rows N`: held by the tail; default 200,000. `--processes N`: of the fleet; default 1,000. `--seconds N`: measured of each;
 * default 20. `--quick`: a tenth of the rows and processes, 5 seconds.
 */
import { parseArgs } from 'node:util';
import type { LinkView, ProbeView } from '@dormouse/protocol';
import { chromium, type Page } from 'playwright-core';
import { TestAgent } from '../packages/collector/test/support/agent.ts';
import { MANIFEST_A } from '../packages/collector/test/support/manifest.ts';
import { buildConsole } from '../scripts/lib/build-console.ts';
import { findChromium } from '../scripts/lib/chromium.ts';
import { openStage, type Stage } from '../scripts/lib/stage.ts';
import { measureFleet } from './console/fleet.ts';
import { measureInteractive } from './console/interactive.ts';
import { markdown } from './console/report.ts';
import { measureTail } from './console/tail.ts';
import { machine, writeResults } from './lib/results.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    processes: { type: 'string' },
    seconds: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
  strict: false,
});
const isQuick = values.quick === true;
const rows = Number(values.rows ?? (isQuick ? 20_000 : 200_000));
const processes = Number(values.processes ?? (isQuick ? 100 : 1_000));
const seconds = Number(values.seconds ?? (isQuick ? 5 : 20));

await buildConsole();
const stage = await openStage();
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
try {
  const agent = await TestAgent.connect(stage.collector.url, stage.agentToken, {}, MANIFEST_A);
  const probe = (await stage.api.call('POST', '/probes', {
    kind: 'log',
    service: 'trades',
    location: { file: 'src/risk.ts', line: 13 },
    template: 'order {trade}',
    limits: { hits: 1_000_000, hitsPerSecond: 5_000 },
  })) as ProbeView;
  const page = await signedIn(stage);
  const interactive = await measureInteractive(page, stage.collector.url);
  const tail = await measureTail(page, agent, probe, { rows, seconds });
  await agent.disconnect();
  const fleet = await measureFleet(page, stage, probe, { processes, seconds });
  const figures = { interactive, tail, fleet, processes, seconds, machine: machine() };
  writeResults('console', figures, markdown(browser.version(), figures));
} finally {
  await browser.close();
  await stage.close();
}

async function signedIn({ api, collector }: Stage): Promise<Page> {
  const { path } = (await api.call('POST', '/console-links', {})) as LinkView;
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(collector.url + path);
  return page;
}
