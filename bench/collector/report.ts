import { judged, machine, table } from '../lib/results.ts';
import type { FleetFigures } from './fleet.ts';
import { AGENTS, BATCH, BATCHES_AT_ONCE, type Ingest, type Ingests } from './ingest.ts';
import { ARRIVED_OVER_DAYS, PROBES, type Readings } from './reading.ts';
import { PER_SECOND, SLOW, type ViewersFigures } from './viewers.ts';

export interface CollectorFigures {
  readonly fleet?: FleetFigures;
  readonly ingest?: Ingests;
  readonly reading?: Readings;
  readonly viewers?: ViewersFigures;
}

/** Captures per second; ms. */
const GOALS = { SQLite: 30_000, PostgreSQL: 10_000, reached: 1_000, memory: 1_024, latest: 20 } as const;

const thousands = (value: number): string => Math.round(value).toLocaleString('en-US');

export function markdown({ fleet, ingest, reading, viewers }: CollectorFigures): string {
  return `# A collector under load

Collector, clients and database run on the same ${machine()} and talk over the loopback: the clients take about as much of
it as the collector. So CPU of the collector is told as well. **Bold**: short of its goal.
${fleet === undefined ? '' : ofFleet(fleet)}${ingest === undefined ? '' : ofIngest(ingest)}${reading === undefined ? '' : ofReading(reading)}${viewers === undefined ? '' : ofViewers(viewers)}`;
}

function ofFleet({ agents, processes, connectS, memory, reached, armed, ...rest }: FleetFigures): string {
  const { idleCpu, bytes, cpuUs, lost, ingest } = rest;
  return `
## ${thousands(agents)} connected agents

Each has its own WebSocket and handshake with a token; ${processes} processes stand for all of them. A probe is placed for their service: *reached* is the time from
the request to the arrival of the probe in each agent; *armed* the time until the collector, asked again and again, says that so
many have confirmed it. Five probes. The collector has SQLite.

${table(
  ['', 'p50', 'p99', 'all', 'goal'],
  [
    [
      'reached, ms',
      thousands(reached.p50),
      judged(reached.p99, GOALS.reached),
      thousands(reached.most),
      'p99 1,000',
    ],
    ['armed, ms', thousands(armed.p50), thousands(armed.p99), thousands(armed.most), ''],
  ],
)}
${table(
  ['', ''],
  [
    ['memory before, MiB', thousands(memory.before)],
    ['memory with them, MiB', thousands(memory.connected)],
    ['the most at any time, MiB (goal 1,024)', judged(memory.most, GOALS.memory)],
    ['all connected after, s', connectS.toFixed(1)],
    ['CPU while nothing happens, of one processor', `${(100 * idleCpu).toFixed(0)} %`],
    ['CPU for one probe in one agent, µs', thousands(cpuUs)],
    [
      'bytes to and from one agent for one probe',
      `${thousands(bytes.received)} and ${thousands(bytes.sent)}`,
    ],
    ['connections that ended', String(lost)],
    [
      'captures stored per second meanwhile',
      `${thousands(ingest.perSecond)} (${ingest.cpuUs.toFixed(1)} µs each, ${ingest.lost} lost)`,
    ],
  ],
)}`;
}

function ofIngest(ingests: Ingests): string {
  const row = (name: string, { captures, perSecond, cpuUs, bytes, lost }: Ingest): string[] => {
    const goal = GOALS[name.split(',')[0] as keyof Ingests & keyof typeof GOALS];
    const speed = thousands(perSecond);
    return [
      name,
      thousands(captures),
      perSecond < goal ? `**${speed}**` : speed,
      thousands(goal),
      cpuUs.toFixed(1),
      thousands(bytes),
      String(lost),
    ];
  };
  return `
## Captures stored

${AGENTS} agents send batches of ${BATCH}, packed as the runtime packs them, ${BATCHES_AT_ONCE} at a time. The collector unpacks, checks,
redacts and stores them, and acknowledges each batch when it is stored; then it is killed, and PostgreSQL too, and counted is
what the next one finds. PostgreSQL runs with fsync: what was acknowledged survives the machine. SQLite runs with \`synchronous =
normal\`: what was acknowledged survives the collector, and a power cut may cost the last moments.

${table(
  ['', 'captures', 'per second', 'goal', 'CPU of the collector, µs each', 'bytes each', 'lost'],
  Object.entries(ingests).map(([name, ingest]) => row(name, ingest)),
)}`;
}

function ofReading(readings: Readings): string {
  return `
## Captures read

The latest 50 of one of ${PROBES} probes, which have had captures for ${ARRIVED_OVER_DAYS} days, through the API, ms; the goal is ${GOALS.latest}. *First*: the
first request to a collector that has just started. And a search for a value that none has.

${table(
  ['', 'stored', 'first', 'p50', 'p99', 'search, ms'],
  Object.entries(readings).map(([name, { stored, latest, search }]) => [
    name,
    thousands(stored),
    thousands(latest.first),
    judged(latest.p50, GOALS.latest),
    judged(latest.p99, GOALS.latest),
    `${thousands(search.ms)} for ${thousands(search.examined)}`,
  ]),
)}`;
}

function ofViewers({
  viewers,
  events,
  expected,
  delay,
  memory,
  cpuUs,
  cpu,
  bytes,
  lost,
}: ViewersFigures): string {
  return `
## ${thousands(viewers)} live viewers

Half of them follow server-sent events, half a WebSocket, all the same service, which captures ${PER_SECOND} times a second; ${SLOW} more read
nothing. *Delay*: from the moment at which a process sends a capture to its arrival at a viewer.

${table(
  ['', ''],
  [
    ['delay, ms: p50', thousands(delay.p50)],
    ['delay, ms: p99', thousands(delay.p99)],
    ['events that arrived, of those expected', `${thousands(events)} of ${thousands(expected)}`],
    ['memory before and the most, MiB', `${thousands(memory.before)} and ${thousands(memory.most)}`],
    ['CPU for one event of one viewer, µs', thousands(cpuUs)],
    ['CPU, of one processor', `${(100 * cpu).toFixed(0)} %`],
    ['bytes of one event', thousands(bytes)],
    ['connections that ended', String(lost)],
  ],
)}`;
}
