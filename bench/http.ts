/**
 * `npm run bench -- http`: a fastify service, woven whole with its framework, under load in four states, as ratios to
 * the same service unwoven. All servers are up at once and take turns of two seconds under the same load.
 *
 * `--node LINE`, repeatable; default all. `--rounds N`: turns per server, default 7. `--quick`: Node 24, 3 rounds.
 */
import { join } from 'node:path';
import autocannon from 'autocannon';
import { ROOT } from '../scripts/lib/paths.ts';
import { installNode, NODE_VERSIONS } from '../scripts/lib/nodes.ts';
import { startServer, type Server } from '../scripts/lib/processes.ts';
import { openStage, type Stage } from '../scripts/lib/stage.ts';
import { alternateAsync, ratios, type Series, spread, type Spread } from './lib/alternate.ts';
import { readOptions } from './lib/options.ts';
import { build, installPrograms, survey, UNTREATED } from './lib/programs.ts';
import { machine, ratio, readResults, table, writeResults } from './lib/results.ts';
import { NO_RUNTIME, type State, states } from './lib/states.ts';
import { extremes, WOVEN } from './lib/weaving.ts';

const PROGRAM = 'fastify';
const GOAL = 1.02;
const BASELINE = 'unwoven';
const CONTROL = 'unwoven, again';
const CONNECTIONS = 10;
const TURN_SECONDS = 2;
const WARM_UP_SECONDS = 3;
const FIGURES = ['perRequest', 'p50', 'p99'] as const;

const { nodes, rounds } = readOptions(7, 3);

/** Microseconds: the time that a request took of the server's, and its latency as a client saw it. */
type Figures = Readonly<Record<(typeof FIGURES)[number], number>>;

interface Measured {
  readonly rounds: number;
  readonly unwoven: Readonly<Record<string, Spread>>;
  readonly states: Readonly<Record<string, Readonly<Record<string, Spread>>>>;
}

installPrograms();
const unwoven = build(PROGRAM, UNTREATED);
const woven = build(PROGRAM, WOVEN);
const results = readResults<{ results: Record<string, Measured> }>('http')?.results ?? {};
const stage = await openStage();
try {
  for (const line of nodes) results[line] = await measure(line, stage);
  writeResults('http', { machine: machine(), nodes: NODE_VERSIONS, results }, markdown(results));
} finally {
  await stage.close();
}

async function measure(line: string, theStage: Stage): Promise<Measured> {
  const node = installNode(line);
  const all = states(woven, `${PROGRAM}-${line}`, extremes(woven, survey(PROGRAM)), theStage);
  const contestants = [
    { name: BASELINE, server: await serve(node, unwoven, NO_RUNTIME) },
    { name: CONTROL, server: await serve(node, unwoven, NO_RUNTIME) },
  ];
  for (const state of all) contestants.push({ name: state.name, server: await serve(node, woven, state) });
  try {
    for (const { server } of contestants) await underLoad(server, WARM_UP_SECONDS);
    for (const { server } of contestants) await enterState(server);
    for (const { server } of contestants) await underLoad(server, WARM_UP_SECONDS);
    const series = await alternateAsync(contestants, rounds, ({ server }) => underLoad(server, TURN_SECONDS));
    return summary(series);
  } finally {
    await Promise.all(contestants.map(({ server }) => server.stop()));
  }
}

function serve(node: string, folder: string, state: State): Promise<Server> {
  const script = join(ROOT, 'bench/children/serve.mjs');
  return startServer({ node, args: [...state.imports, script, folder, PROGRAM, state.word], env: state.env });
}

async function enterState({ url }: Server): Promise<void> {
  const answer = await fetch(`${url}/-/state`, { method: 'POST' });
  if (!answer.ok) throw new Error(`The service did not enter its state: ${await answer.text()}`);
}

async function underLoad({ url }: Server, seconds: number): Promise<Figures> {
  const lines = Array.from({ length: 12 }, (_, n) => ({ sku: `s${n}`, price: n * 1.1, quantity: n }));
  const times: number[] = [];
  const run = autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [
      { method: 'GET', path: '/items/a-17' },
      {
        method: 'POST',
        path: '/orders',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ lines }),
      },
    ],
  });
  run.on('response', (_client, _status, _bytes, milliseconds) => times.push(milliseconds));
  const { non2xx, errors, duration } = await run;
  if (non2xx > 0 || errors > 0)
    throw new Error(`${url}: ${non2xx} answers were no success, ${errors} failed.`);
  times.sort((a, b) => a - b);
  const quantile = (share: number): number => (times[Math.floor(times.length * share)] ?? Number.NaN) * 1_000;
  return { perRequest: (duration * 1e6) / times.length, p50: quantile(0.5), p99: quantile(0.99) };
}

function summary(series: ReadonlyMap<string, Series>): Measured {
  const baseline = series.get(BASELINE) ?? {};
  const perFigure = (of: (figure: string) => Spread): Record<string, Spread> =>
    Object.fromEntries(FIGURES.map((figure) => [figure, of(figure)]));
  return {
    rounds,
    unwoven: perFigure((figure) => spread(baseline[figure] ?? [])),
    states: Object.fromEntries(
      [...series]
        .filter(([name]) => name !== BASELINE)
        .map(([name, own]) => [
          name,
          perFigure((figure) => ratios(own[figure] ?? [], baseline[figure] ?? [])),
        ]),
    ),
  };
}

function markdown(all: Record<string, Measured>): string {
  const sections = Object.entries(all).map(([line, { unwoven: baseline, states: measured }]) => {
    const header = ['', 'time per request (1 / throughput)', 'p50', 'p99'];
    const microseconds = FIGURES.map((figure) => `${baseline[figure]?.median.toFixed(0)} µs`);
    const rows = Object.entries(measured).map(([name, of]) => [
      name,
      ...FIGURES.map((figure) => ratio(of[figure] as Spread, name === CONTROL ? Infinity : GOAL)),
    ]);
    return `## Node ${NODE_VERSIONS[line] ?? line}\n\n${table(header, [['unwoven', ...microseconds], ...rows])}`;
  });
  return `# An HTTP service, woven whole

fastify, its dependencies and two routes (a lookup; an order of twelve lines, validated and priced), ${CONNECTIONS} connections
of autocannon. Ratios to the unwoven service: median (minimum–maximum) over turns of ${TURN_SECONDS} seconds. **Bold**: above the
goal, ${GOAL}. “Unwoven, again” is a second unwoven server: what differs there is noise. Written by \`npm run bench -- http\` on
${machine()}.

${sections.join('\n')}`;
}
