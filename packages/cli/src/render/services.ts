import type { AgentView, BuildView, ServiceView } from '@dormouse/protocol';

import { killWords } from './kill.js';
import { renderPause } from './pause.js';
import type { Style } from './style.js';
import { renderTable } from './table.js';
import { count, escapeUnsafe } from './text.js';
import { formatDuration } from './time.js';

const INDENT = '  ';

/** Each service with its processes and builds. `now`: ms since 1970. */
export function renderServices(services: readonly ServiceView[], style: Style, now = Date.now()): string {
  return services.map((service) => renderService(service, style, now)).join('\n\n');
}

function renderService(view: ServiceView, style: Style, now: number): string {
  const { service, agents, builds, killed } = view;
  const notes = remarks(view, now);
  const connected = agents.filter((agent) => agent.connected).length;
  const indented = { ...style, width: style.width - INDENT.length };
  const sections = [
    ...(killed === undefined ? [] : [style.colors.red(`probes ${escapeUnsafe(killWords(killed, now))}`)]),
    ...(agents.length === 0 ? [] : [renderAgents(agents, indented, now)]),
    ...(notes.length === 0 ? [] : [notes.map((note) => style.colors.yellow(escapeUnsafe(note))).join('\n')]),
    ...(builds.length === 0 ? [] : [renderBuilds(builds, indented)]),
  ];
  return [
    `${style.colors.bold(escapeUnsafe(service))}  ${count(connected, 'process', 'processes')} connected, ${count(builds.length, 'build')}`,
    ...sections.map((section) => section.replaceAll(/^/gm, INDENT)),
  ].join('\n\n');
}

/** What a person has to know of connected processes: that their probes rest or are switched off, or lack their policy. */
function remarks({ agents, killed: ofService }: ServiceView, now: number): string[] {
  return agents.flatMap(({ instance, policy, pause, killed }) => {
    const isOwn = killed !== undefined && killed.by !== ofService?.by;
    const words = [
      ...(isOwn ? [`probes ${killWords(killed, now)}`] : []),
      ...(pause === undefined ? [] : [renderPause(pause)]),
      ...(policy === undefined || policy.revision === policy.wanted
        ? []
        : [`has revision ${policy.revision} of its policy, not ${policy.wanted} yet`]),
      ...(policy?.problem === undefined ? [] : [policy.problem]),
    ];
    return words.length === 0 ? [] : [`${instance}  ${words.join('; ')}`];
  });
}

function renderAgents(agents: readonly AgentView[], style: Style, now: number): string {
  const { colors } = style;
  return renderTable(
    agents,
    [
      { header: 'INSTANCE', cell: ({ instance }) => instance },
      {
        header: 'STATE',
        cell: ({ connected, firstSeen, lastSeen }) =>
          connected ? `up ${formatDuration(now - firstSeen)}` : `gone ${formatDuration(now - lastSeen)}`,
        paint: (text, { connected }) => (connected ? colors.green(text) : colors.dim(text)),
      },
      { header: 'VERSION', cell: ({ version = '-' }) => version },
      { header: 'BUILD', cell: ({ buildId = '-' }) => buildId.slice(0, 12) },
      { header: 'HOST', cell: ({ host, pid }) => `${host}:${pid}`, cut: 'end' },
      { header: 'NODE', cell: ({ node }) => node },
      { header: 'TAGS', cell: ({ tags }) => formatTags(tags), cut: 'end' },
    ],
    style,
  );
}

function renderBuilds(builds: readonly BuildView[], style: Style): string {
  return renderTable(
    builds,
    [
      { header: 'BUILD', cell: ({ buildId }) => buildId.slice(0, 12) },
      { header: 'COMMIT', cell: ({ commit = '-' }) => commit.slice(0, 12) },
      { header: 'FILES', cell: ({ files }) => String(files), align: 'right' },
      { header: 'FUNCTIONS', cell: ({ functions }) => String(functions), align: 'right' },
      { header: 'POINTS', cell: ({ points }) => String(points), align: 'right' },
      { header: 'SKIPPED', cell: ({ skipped }) => String(skipped), align: 'right' },
    ],
    style,
  );
}

function formatTags(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
