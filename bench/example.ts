/**
 * `npm run bench`: what weaving, idling and probing cost the example's hot functions, as ratios to the unwoven
 * build, beside what a user would pick instead: a conditional breakpoint through the V8 inspector. Writes
 * `bench/results/example.json` and `example.md`.
 *
 * `--node LINE`, repeatable; default all. `--rounds N`: processes per variant, default 5. `--quick`: Node 24, 2 rounds.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { ProbeRequest } from '@dormouse/protocol';
import { buildExample, BUILDS, lineOf } from '../scripts/lib/example.ts';
import { ROOT } from '../scripts/lib/paths.ts';
import { installNode } from '../scripts/lib/nodes.ts';
import { read } from '../scripts/lib/run.ts';
import { openStage, type Stage } from '../scripts/lib/stage.ts';
import { readOptions } from './lib/options.ts';
import {
  alternate,
  geometricMean,
  ratios,
  spread,
  type Series,
  type Spread,
  type Variant,
} from './lib/alternate.ts';

const QUOTE = 'src/trades/market/quote.ts';
const EXPOSURE = 'src/trades/risk/exposure.ts';
const PROGRAM = join(ROOT, 'bench/children/trades.mjs');
const BASELINE = 'unwoven';

const { nodes, rounds } = readOptions(5, 2);

interface Result {
  readonly node: string;
  readonly functions: readonly string[];
  /** Nanoseconds per call of the unwoven build. */
  readonly baseline: Readonly<Record<string, Spread>>;
  readonly variants: readonly {
    readonly name: string;
    /** Ratio to the unwoven build, per function, over the rounds. */
    readonly ratios: Readonly<Record<string, Spread>>;
    readonly geometricMean: number;
  }[];
}

await buildExample();
const stage = await openStage();
try {
  const results = nodes.map((line) => measure(installNode(line), rounds, variants(stage)));
  const folder = join(ROOT, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'example');
  const report = { machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`, rounds, results };
  writeFileSync(`${file}.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${file}.md`, markdown(report));
  console.log(markdown(report));
} finally {
  await stage.close();
}

function variants({ collector, adminToken, agentToken }: Stage): Variant[] {
  const runtime = {
    DORMOUSE_URL: collector.url,
    DORMOUSE_TOKEN: agentToken,
    DORMOUSE_MANIFEST: join(BUILDS.woven, 'dormouse.manifest.json'),
    COLLECTOR_URL: collector.url,
    ADMIN_TOKEN: adminToken,
  };
  const agent = (name: string, state: string, requests: readonly ProbeRequest[] = []): Variant => {
    // Each variant is a service of its own, so that none is sent another's probes.
    const service = name.replaceAll(/[^a-z]+/g, '-');
    const PROBES = JSON.stringify(requests.map((request) => ({ ...request, service })));
    return {
      name,
      args: ['--import', import.meta.resolve('@dormouse/runtime/register'), PROGRAM, BUILDS.woven, state],
      env: { ...runtime, DORMOUSE_SERVICE: service, PROBES },
    };
  };
  return [
    { name: BASELINE, args: [PROGRAM, BUILDS.unwoven, 'plain'] },
    { name: 'woven, no runtime', args: [PROGRAM, BUILDS.woven, 'plain'] },
    agent('woven, runtime idle', 'plain'),
    agent('armed elsewhere in the file', 'armed', [probe(EXPOSURE, "if (order.side === 'buy' && after")]),
    agent('armed and disarmed', 'disarmed', [probe(QUOTE, 'const amount =', 'quantity < 0')]),
    agent('false condition in quote', 'armed', [probe(QUOTE, 'const amount =', 'quantity < 0')]),
    agent('snapshot in quote, rate spent', 'armed', [probe(QUOTE, 'const amount =')]),
    { name: 'inspector, false condition in quote', args: [PROGRAM, BUILDS.unwoven, 'inspector'] },
  ];
}

function probe(file: string, text: string, condition?: string): ProbeRequest {
  return {
    kind: 'snapshot',
    service: '',
    location: { file, line: lineOf(file, text) },
    limits: { hits: 1_000_000, hitsPerSecond: 10 },
    ...(condition === undefined ? {} : { condition }),
  };
}

function measure(node: string, rounds: number, all: readonly Variant[]): Result {
  const series = alternate(node, all, rounds);
  const baseline: Series = series.get(BASELINE) ?? {};
  const functions = Object.keys(baseline);
  return {
    node: read(node, ['--version']).trim(),
    functions,
    baseline: Object.fromEntries(functions.map((name) => [name, spread(baseline[name] ?? [])])),
    variants: all
      .filter(({ name }) => name !== BASELINE)
      .map(({ name }) => {
        const own = series.get(name) ?? {};
        const perFunction = Object.fromEntries(
          functions.map((fn) => [fn, ratios(own[fn] ?? [], baseline[fn] ?? [])]),
        );
        return {
          name,
          ratios: perFunction,
          geometricMean: geometricMean(Object.values(perFunction).map(({ median }) => median)),
        };
      }),
  };
}

function markdown({
  machine,
  rounds,
  results,
}: {
  machine: string;
  rounds: number;
  results: readonly Result[];
}): string {
  const sections = results.map(({ node, functions, baseline, variants: measured }) => {
    const header = ['', ...functions, 'geometric mean'];
    const rows = [
      ['unwoven, ns per call', ...functions.map((name) => figure(baseline[name]?.median)), ''],
      ...measured.map((variant) => [
        variant.name,
        ...functions.map((name) => ratio(variant.ratios[name])),
        variant.geometricMean.toFixed(2),
      ]),
    ];
    const lines = [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
    return `## Node ${node}\n\n${lines.join('\n')}\n`;
  });
  return `# The example's hot functions

Ratios to the unwoven build: median (minimum–maximum) over ${rounds} rounds; in every round each variant runs once, in a
process of its own. Written by \`npm run bench\` on ${machine}. The probe stands in \`quote\`, whose body it enters on every
call; the other functions show what arming costs the rest of the program.

What stands out is \`quote\` while idle. Its checks are folded away; what costs is inlining. It makes seven calls to small
functions, which V8 inlines up to 920 bytecodes in all. A woven function with one parameter is longer by 31 (11 for the check
that is folded away, the rest for a call that is never made), so the budget is spent before the last of them
(\`node --trace-turbo-inlining\` shows it). Functions that do more than a line of arithmetic do not notice, and a request to the
whole service does not either: \`npm run demo\` measures that.

${sections.join('\n')}`;
}

function ratio(value: Spread | undefined): string {
  return value ? `${figure(value.median)} (${figure(value.min)}–${figure(value.max)})` : '';
}

function figure(value: number | undefined): string {
  if (value === undefined) return '';
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}
