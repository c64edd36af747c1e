import {
  METRIC_KINDS,
  type LogDestination,
  type ProbeKind,
  type ProbeReport,
  type ProbeView,
  type VerdictRule,
} from '@dormouse/protocol';

import { formatLocation } from './capture.js';
import { checkCounts } from './check.js';
import { killWords } from './kill.js';
import { renderPause } from './pause.js';
import type { Style } from './style.js';
import { renderTable } from './table.js';
import { count, escapeUnsafe } from './text.js';
import { formatDateTime, formatDuration } from './time.js';
import { CAUSE_WORDS, DROP_WORDS, inWords, SKIP_WORDS } from './words.js';

/** One line for each probe. `now`: ms since 1970, for the time that is left. */
export function renderProbes(probes: readonly ProbeView[], style: Style, now = Date.now()): string {
  const { colors } = style;
  return renderTable(
    probes,
    [
      { header: 'ID', cell: ({ id }) => id, paint: colors.bold },
      { header: 'KIND', cell: ({ kind }) => kind },
      { header: 'SERVICE', cell: ({ service }) => service },
      { header: 'LOCATION', cell: ({ location }) => formatLocation(location), cut: 'start' },
      { header: 'HITS', cell: hitsOf, align: 'right' },
      {
        header: 'STATE',
        cell: (probe) => probeState(probe, now),
        paint: (text, { state }) => (state === 'active' ? colors.green(text) : colors.dim(text)),
      },
      { header: 'ASKS FOR', cell: question, cut: 'end' },
    ],
    style,
  );
}

/** Everything about one probe, with its account in each process. */
export function renderProbe(probe: ProbeView, style: Style, now = Date.now()): string {
  const { colors } = style;
  const { kind, id, location, unplaced, agents } = probe;
  return [
    `${colors.bold(colors.cyan(kind))} ${colors.bold(escapeUnsafe(id))}  ${formatLocation(location)}  in ${escapeUnsafe(probe.function)}`,
    ...probeFacts(probe, now).map(([name, text]) => `  ${colors.dim(name.padEnd(8))} ${escapeUnsafe(text)}`),
    ...unplaced.map((build) => `  ${colors.yellow(renderUnplaced(build))}`),
    ...agents.map((report) => `  ${renderAccount(report, style)}`),
    ...(agents.length === 0 ? ['  No process has it yet.'] : []),
  ].join('\n');
}

type Fact = readonly [name: string, text: string];

function probeFacts(probe: ProbeView, now: number): Fact[] {
  const { service, on, condition, watches, template, level = 'info', createdAt, expiresAt } = probe;
  const { expect, verdict, value, by, keys, until, within } = probe;
  return [
    ['state', probeState(probe, now)],
    ...(probe.killed === undefined ? [] : [['killed', killWords(probe.killed, now)] as const]),
    ['service', service],
    ...(on === 'line' ? [] : [['on', on] as const]),
    ...(until === undefined ? [] : [['until', formatLocation(until)] as const]),
    ...(probe.includes ?? []).map(
      ({ function: name, location }) => ['include', `${name} at ${formatLocation(location)}`] as const,
    ),
    ...(probe.steps === undefined ? [] : [['steps', `${probe.steps} at most`] as const]),
    ...(within === undefined ? [] : [['within', `the same ${within}`] as const]),
    ...(expect === undefined ? [] : [['expects', expect] as const]),
    ...(verdict === undefined ? [] : [['decides', decision(verdict)] as const]),
    ...(value === undefined ? [] : [['value', value] as const]),
    ...(by === undefined ? [] : [['by', `${by}, ${keys} at most`] as const]),
    ...(condition === undefined ? [] : [['if', condition] as const]),
    ...watches.map((watch) => ['watch', watch] as const),
    ...(probe.callers === undefined
      ? []
      : [['callers', `the variables of ${probe.callers} at most`] as const]),
    ...(template === undefined ? [] : [['log', `${level}: ${template}`] as const]),
    ...(probe.to === undefined ? [] : [['to', LOG_DESTINATIONS[probe.to]] as const]),
    ...(probe.name === undefined ? [] : [['name', probe.name] as const]),
    ...Object.entries(probe.attributes ?? {}).map(
      ([name, source]) => ['set', `${name} = ${source}`] as const,
    ),
    ...targetFacts(probe),
    ...rolloutFacts(probe, now),
    ['hits', isMetric(probe.kind) ? grouped(probe.hits) : limitedHits(probe)],
    ...(probe.group === undefined ? [] : [['group', probe.group] as const]),
    ['created', formatDateTime(createdAt)],
    ['expires', formatDateTime(expiresAt)],
  ];
}

const LOG_DESTINATIONS: Readonly<Record<LogDestination, string>> = {
  collector: 'the collector',
  process: "the process's own log",
  both: "the collector and the process's own log",
};

const limitedHits = ({ hits, limits, hitsOf }: ProbeView): string =>
  `${hits} of at most ${limits.hits}${hitsOf === 'each' ? ' in each process' : ''}, ${limits.hitsPerSecond} per second and process`;

const hitsOf = ({ kind, hits, limits }: ProbeView): string =>
  isMetric(kind) ? grouped(hits) : `${hits}/${limits.hits}`;

const isMetric = (kind: ProbeKind): boolean => (METRIC_KINDS as readonly ProbeKind[]).includes(kind);

function decision({ afterHits, afterMs }: VerdictRule): string {
  const rules = [
    ...(afterHits === undefined ? [] : [`after ${count(afterHits, 'hit')} in a process`]),
    ...(afterMs === undefined ? [] : [`after ${formatDuration(afterMs)}`]),
  ];
  return rules.length === 0 ? 'when it ends' : rules.join(' or ');
}

/** Tells that a probe has been placed, and where. */
export function renderPlacement(probe: ProbeView, { colors }: Style): string {
  const { id, kind, location, unplaced } = probe;
  return [
    `${colors.dim('probe')} ${escapeUnsafe(id)} ${colors.dim(`places a ${kind} at`)} ${formatLocation(location)} ${colors.dim('in')} ${escapeUnsafe(probe.function)}`,
    ...unplaced.map(renderUnplaced),
  ].join('\n');
}

/** One line for a change of a probe's state. */
export function renderStateChange(probe: ProbeView, { colors }: Style, now = Date.now()): string {
  const { id, location, hits } = probe;
  const text = `probe ${id} at ${formatLocation(location)}: ${probeState(probe, now)}, ${count(hits, 'hit')}`;
  return colors.dim(escapeUnsafe(text));
}

/**
 * What became of a probe in one process:
 * `3f2a… armed, seen 1,204, matched 3, captured 3; 1,201 skipped: the condition did not hold`.
 */
export function renderAccount(
  report: ProbeReport & { readonly instance: string },
  { colors }: Style,
): string {
  const { instance, state, cause, message, seen, matched, captured, incomplete, check, pause } = report;
  const account = [
    `${state}${cause === undefined ? '' : ` (${inWords(CAUSE_WORDS, cause)})`}, seen ${grouped(seen)}, matched ${grouped(matched)}, captured ${grouped(captured)}`,
    ...(check === undefined ? [] : [checkCounts(check)]),
    ...losses('skipped', report.skipped, SKIP_WORDS),
    ...losses('dropped', report.dropped, DROP_WORDS),
    ...(incomplete > 0 ? [`${grouped(incomplete)} incomplete`] : []),
    ...(pause === undefined ? [] : [renderPause(pause)]),
    ...(message === undefined ? [] : [message]),
  ];
  return `${colors.dim(escapeUnsafe(instance))} ${escapeUnsafe(account.join('; '))}`;
}

/** `12 skipped: the condition did not hold`, one text for each reason. */
export function losses(
  what: string,
  counts: Readonly<Record<string, number>>,
  words: Readonly<Record<string, string>>,
): string[] {
  return Object.entries(counts)
    .filter(([, value]) => value > 0)
    .map(([reason, value]) => `${grouped(value)} ${what}: ${inWords(words, reason)}`);
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

/** `active, 9m 30s left`, `switched off, 9m 30s left` or `ended: hit limit reached`. */
export function probeState(probe: ProbeView, now: number): string {
  const { state, expiresAt, endCause, killed, agents } = probe;
  if (state === 'active') {
    const resting = agents.filter(({ pause }) => pause !== undefined).length;
    const parts = [
      killed === undefined ? 'active' : 'switched off',
      `${formatDuration(expiresAt - now)} left`,
      ...(resting === 0 ? [] : [`resting in ${resting} of ${agents.length}`]),
    ];
    return parts.join(', ');
  }
  return endCause === undefined ? 'ended' : `ended: ${inWords(CAUSE_WORDS, endCause)}`;
}

function renderUnplaced({ buildId, reason }: ProbeView['unplaced'][number]): string {
  return escapeUnsafe(`Not in build ${buildId.slice(0, 12)}: ${reason}`);
}

function question(probe: ProbeView): string {
  const { kind, condition, template = '', watches, attributes = {}, expect = '', value = '', by } = probe;
  const subject = kind === 'log' ? template : [...watches, ...Object.keys(attributes)].join(', ');
  return [
    expect,
    value,
    subject,
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(condition === undefined ? [] : [`if ${condition}`]),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function targetFacts({ target }: ProbeView): Fact[] {
  const { tags = {}, context = {}, instances = [], share, canary, ...fields } = target;
  const facts = [
    ...Object.entries({ ...fields, ...tags }).map(([name, value]) => `${name}=${value}`),
    ...(instances.length > 0 ? [`instance ${instances.join(' or ')}`] : []),
    ...(share === undefined ? [] : [`a share of ${share}`]),
    ...(canary === undefined ? [] : [`a canary for ${formatDuration(canary.quietMs)}`]),
  ];
  const requests = Object.entries(context).map(([name, value]) => `${name}=${value}`);
  return [
    ...(facts.length === 0 ? [] : [['only', facts.join(', ')] as const]),
    ...(requests.length === 0 ? [] : [['requests', requests.join(', ')] as const]),
  ];
}

function rolloutFacts({ rollout }: ProbeView, now: number): Fact[] {
  if (rollout === undefined) return [];
  const { instances, stage, widensAt, trouble } = rollout;
  const words = [
    count(instances.length, 'process', 'processes'),
    ...(stage === 'canary' ? ['as a canary'] : []),
    ...(widensAt === undefined ? [] : [`the others in ${formatDuration(Math.max(0, widensAt - now))}`]),
    ...(trouble === undefined ? [] : [`trouble: ${trouble}`]),
  ];
  return [['runs in', words.join('; ')]];
}
