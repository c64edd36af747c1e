import type { AgentView, BuildView, ServiceView } from '@dormouse/protocol';

import type { Style } from './style.js';
import { renderTable } from './table.js';
import { count, escapeUnsafe } from './text.js';
import { formatDuration } from './time.js';

const INDENT = '  ';

/** Each service with its processes and builds. `now`: ms since 1970. */
export function renderServices(services: readonly ServiceView[], style: Style, now = Date.now()): string {
  return services.map((service) => renderService(service, style, now)).join('\n\n');
}

function renderService({ service, agents, builds }: ServiceView, style: Style, now: number): string {
  const connected = agents.filter((agent) => agent.connected).length;
  const indented = { ...style, width: style.width - INDENT.length };
  const tables = [
    ...(agents.length === 0 ? [] : [renderAgents(agents, indented, now)]),
    ...(builds.length === 0 ? [] : [renderBuilds(builds, indented)]),
  ];
  return [
    `${style.colors.bold(escapeUnsafe(service))}  ${count(connected, 'process', 'processes')} connected, ${count(builds.length, 'build')}`,
    ...tables.map((table) => table.replaceAll(/^/gm, INDENT)),
  ].join('\n\n');
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
