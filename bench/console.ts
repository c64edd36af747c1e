/**
 * `npm run bench -- console`: how soon the console can be used, and whether its live tail stays smooth with many rows while
 * many more arrive; in a Chromium without a display, which draws on the processor.
 *
 * `--rows N`: held by the tail; default 200,000. `--seconds N`: measured; default 20. `--quick`: a tenth of the rows, 5 seconds.
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { LinkView, ProbeView } from '@dormouse/protocol';
import { chromium, type Page } from 'playwright-core';
import { TestAgent } from '../packages/collector/test/support/agent.ts';
import { MANIFEST_A } from '../packages/collector/test/support/manifest.ts';
import { buildConsole } from '../scripts/lib/build-console.ts';
import { findChromium } from '../scripts/lib/chromium.ts';
import { openStage, type Stage } from '../scripts/lib/stage.ts';
import { judged, machine, table, writeResults } from './lib/results.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    seconds: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
  strict: false,
});
const ROWS = Number(values.rows ?? (values.quick === true ? 20_000 : 200_000));
const SECONDS = Number(values.seconds ?? (values.quick === true ? 5 : 20));

const PER_SECOND = 1_000;
const BATCH = 100;
const BATCHES_A_SECOND = PER_SECOND / BATCH;
const VISITS = 7;

/** ms. */
const GOALS = { interactive: 1_000, longTask: 50 } as const;

interface Smoothness {
  readonly framesPerSecond: number;
  /** Longest time between two frames, and longest time that the page was busy without a break, ms. */
  readonly longestFrame: number;
  readonly longestTask: number;
  /** Tasks of more than 50 ms. */
  readonly longTasks: number;
  readonly rowsHeld: number;
}

/** Counts frames and long tasks in the page. */
const WATCH = `
  watched = { frames: 0, ms: 0, longestFrame: 0, longestTask: 0, longTasks: 0 };
  const began = performance.now();
  let last = began;
  requestAnimationFrame(function frame(now) {
    watched.frames++;
    watched.longestFrame = Math.max(watched.longestFrame, now - last);
    watched.ms = now - began;
    last = now;
    requestAnimationFrame(frame);
  });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      watched.longTasks++;
      watched.longestTask = Math.max(watched.longestTask, duration);
    }
  }).observe({ type: 'longtask' });
`;

let written = 0;

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
  const interactive = await measureInteractive(page);
  const tail = await measureTail(page, agent, probe);
  report(interactive, tail);
  await agent.disconnect();
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

/** From the request of the page until a file can be chosen, ms: each visit, with what the browser keeps of earlier ones. */
async function measureInteractive(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let visit = 0; visit < VISITS; visit++) {
    await page.goto('about:blank');
    await page.goto(`${stage.collector.url}/#/source/trades`);
    await page.getByRole('treeitem').first().waitFor();
    times.push(Number(await page.evaluate('performance.now()')));
  }
  return times.toSorted((a, b) => a - b);
}

async function measureTail(page: Page, agent: TestAgent, probe: ProbeView): Promise<Smoothness> {
  await page.goto(`${stage.collector.url}/#/tail/trades`);
  await page.getByText('Live', { exact: true }).waitFor();
  for (let sent = 0; sent < ROWS; sent += BATCH) await agent.deliver(batchOf(agent, probe));
  while ((await held(page)) < ROWS * 0.97) await sleep(200);

  await page.evaluate(WATCH);
  const begin = performance.now();
  for (let batch = 0; batch < SECONDS * BATCHES_A_SECOND; batch++) {
    await agent.deliver(batchOf(agent, probe));
    await sleep(Math.max(0, begin + ((batch + 1) * 1_000) / BATCHES_A_SECOND - performance.now()));
  }
  const watched = (await page.evaluate('watched')) as Omit<Smoothness, 'framesPerSecond' | 'rowsHeld'> & {
    frames: number;
    ms: number;
  };
  const { frames, ms, ...longest } = watched;
  return { framesPerSecond: (frames * 1_000) / ms, ...longest, rowsHeld: await held(page) };
}

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

function report(interactive: readonly number[], tail: Smoothness): void {
  const median = interactive[Math.floor(interactive.length / 2)]!;
  const rows = [
    ['interactive, median of visits, ms', judged(Math.round(median), GOALS.interactive)],
    ['tail: rows held', tail.rowsHeld.toLocaleString('en-US')],
    ['tail: arriving, per second', PER_SECOND.toLocaleString('en-US')],
    ['tail: frames per second', tail.framesPerSecond.toFixed(1)],
    ['tail: longest frame, ms', tail.longestFrame.toFixed(0)],
    [
      'tail: longest task, ms (0: none of 50 ms or more)',
      judged(Math.round(tail.longestTask), GOALS.longTask),
    ],
    ['tail: tasks of 50 ms or more', String(tail.longTasks)],
    ['load of the machine meanwhile, processes for each core', (loadavg()[0]! / cpus().length).toFixed(1)],
  ];
  const markdown = `# The console

In Chromium ${browser.version()}, headless and drawing on the processor, on ${machine()}; \`npm run bench -- console\`.
A machine that is busy with other things holds up a browser that has no graphics card: judge with its load in mind.

${table(['what', 'measured'], rows)}`;
  writeResults(
    'console',
    { interactive, tail, perSecond: PER_SECOND, seconds: SECONDS, machine: machine() },
    markdown,
  );
}
