import type { AgentDetail } from '@dormouse/protocol';

import { killWords } from './kill.js';
import { limitWords } from './limits.js';
import { renderPause } from './pause.js';
import { losses, renderAccount } from './probe.js';
import type { Style } from './style.js';
import { renderTable } from './table.js';
import { count, escapeUnsafe } from './text.js';
import { formatDateTime, formatDuration } from './time.js';
import { DROP_WORDS, SKIP_WORDS } from './words.js';

/** One line for each process. `now`: ms since 1970. */
export function renderAgents(agents: readonly AgentDetail[], style: Style, now = Date.now()): string {
  const { colors } = style;
  return renderTable(
    agents,
    [
      { header: 'INSTANCE', cell: ({ instance }) => instance, paint: colors.bold },
      { header: 'SERVICE', cell: ({ service }) => service },
      { header: 'BUILD', cell: ({ buildId = '-' }) => buildId.slice(0, 12) },
      {
        header: 'PROBES',
        cell: ({ probes }) => (probes === undefined ? '-' : `${probes.armed}/${probes.told}`),
        align: 'right',
      },
      {
        header: 'CAPTURED',
        cell: ({ probes }) => (probes === undefined ? '-' : String(probes.captured)),
        align: 'right',
      },
      {
        header: 'STATE',
        cell: (agent) => stateOf(agent, now),
        cut: 'end',
        paint: (text, agent) => (isWell(agent) ? colors.green(text) : colors.dim(text)),
      },
      { header: 'HOST', cell: ({ host, pid }) => `${host}:${pid}`, cut: 'end' },
      { header: 'TAGS', cell: formatTags, cut: 'end' },
    ],
    style,
  );
}

/** Everything about one process, with each of its probes. */
export function renderAgent(agent: AgentDetail, style: Style, now = Date.now()): string {
  const { colors } = style;
  const { instance, service, reports = [] } = agent;
  const probes = reports.map((report) => `  ${renderAccount({ ...report, instance: report.id }, style)}`);
  return [
    `${colors.bold(escapeUnsafe(instance))}  of ${escapeUnsafe(service)}`,
    ...factsOf(agent, now).map(([name, text]) => `  ${colors.dim(name.padEnd(9))} ${escapeUnsafe(text)}`),
    ...probes,
  ].join('\n');
}

type Fact = readonly [name: string, text: string];

function factsOf(agent: AgentDetail, now: number): Fact[] {
  const { version, buildId, commit, host, pid, node, runtime, tags, firstSeen, lastSeen } = agent;
  const { killed, pause, policy, probes, budget } = agent;
  return [
    ['state', stateOf(agent, now)],
    ...(killed === undefined ? [] : [['probes', killWords(killed, now)] as const]),
    ...(pause === undefined ? [] : [['pause', renderPause(pause)] as const]),
    ...(version === undefined ? [] : [['version', version] as const]),
    ...(buildId === undefined ? [] : [['build', buildId] as const]),
    ...(commit === undefined ? [] : [['commit', commit] as const]),
    ['host', `${host}, pid ${pid}, Node ${node}, ${runtime}`],
    ...(Object.keys(tags).length === 0 ? [] : [['tags', formatTags(agent)] as const]),
    ...(policy === undefined ? [] : [['policy', policyWords(policy)] as const]),
    ...(probes === undefined ? [] : [['probes', probeWords(probes)] as const]),
    ...(budget === undefined
      ? []
      : [
          ['took', `${Math.round(budget.spentMs).toLocaleString('en-US')} ms of the main thread`] as const,
          ['sent', `${count(budget.captures, 'capture')}, ${count(budget.bytes, 'byte')}`] as const,
          ['at most', limitWords(budget.limits).join(', ')] as const,
        ]),
    ['seen', `${formatDateTime(firstSeen)} to ${formatDateTime(lastSeen)}`],
  ];
}

function stateOf(
  { connected, firstSeen, lastSeen, killed, pause, policy }: AgentDetail,
  now: number,
): string {
  if (!connected) return `gone ${formatDuration(now - lastSeen)}`;
  return [
    `up ${formatDuration(now - firstSeen)}`,
    ...(killed === undefined ? [] : ['switched off']),
    ...(pause === undefined ? [] : ['resting']),
    ...(policy?.problem === undefined ? [] : ['policy refused']),
  ].join(', ');
}

const isWell = ({ connected, killed, pause, policy }: AgentDetail): boolean =>
  connected && killed === undefined && pause === undefined && policy?.problem === undefined;

function policyWords({ revision, wanted, problem }: NonNullable<AgentDetail['policy']>): string {
  const has = revision === wanted ? `revision ${revision}` : `revision ${revision}, not ${wanted} yet`;
  return problem === undefined ? has : `${has}: ${problem}`;
}

function probeWords(probes: NonNullable<AgentDetail['probes']>): string {
  const { armed, waiting, disarmed, resting, seen, matched, captured, skipped, dropped } = probes;
  return [
    `${armed} armed, ${waiting} waiting, ${disarmed} disarmed`,
    ...(resting === 0 ? [] : [`${resting} resting`]),
    `seen ${seen}, matched ${matched}, captured ${captured}`,
    ...losses('skipped', skipped, SKIP_WORDS),
    ...losses('dropped', dropped, DROP_WORDS),
  ].join('; ');
}

const formatTags = ({ tags }: AgentDetail): string =>
  Object.entries(tags)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
