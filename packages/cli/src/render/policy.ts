import type { PolicyPool, PolicyProcesses, PolicyView, RedactionRules } from '@dormouse/protocol';

import { limitWords } from './limits.js';
import type { Style } from './style.js';
import { count, escapeUnsafe } from './text.js';
import { formatDateTime } from './time.js';

/** Policies, the widest first: that of everything, and those that say something. */
export function renderPolicies(policies: readonly PolicyView[], style: Style): string {
  return policies
    .filter((policy) => isOfEverything(policy) || saysSomething(policy))
    .map((policy) => renderPolicy(policy, style))
    .join('\n\n');
}

const isOfEverything = ({ service, pool }: PolicyView): boolean =>
  service === undefined && pool === undefined;

/** What holds for everything, a service, a pool or a process, and which processes do not have it yet. */
export function renderPolicy(policy: PolicyView, { colors }: Style): string {
  const title = colors.bold(escapeUnsafe(policyName(policy)));
  if (!saysSomething(policy)) return `${title}  no policy`;
  const sections = [...contentOf(policy), ['processes', processLines(policy.processes)] as const];
  const body = sections.flatMap(([name, lines]) =>
    lines.map(
      (line, index) => `  ${colors.dim((index === 0 ? name : '').padEnd(12))}  ${escapeUnsafe(line)}`,
    ),
  );
  return [`${title}  revision ${policy.revision}`, ...body].join('\n');
}

type Section = readonly [name: string, lines: readonly string[]];

const contentOf = (policy: PolicyView): readonly Section[] => [
  ['switched off', policy.kill ? [`since ${formatDateTime(policy.kill.since)}: ${policy.kill.reason}`] : []],
  ['never probed', policy.deny.map((entry) => renderEntry(entry, policy))],
  ...redactionSections(policy.redaction),
  ['at most', limitWords(policy.limits)],
];

const saysSomething = (policy: PolicyView): boolean =>
  contentOf(policy).some(([, lines]) => lines.length > 0);

/** `everything`, `trades`, `trades with region=eu`, `process 9f2c41d07a3be856 of trades`. */
export function policyName({
  service,
  instance,
  pool,
}: Pick<PolicyView, 'service' | 'instance' | 'pool'>): string {
  if (instance !== undefined) return `process ${instance} of ${service}`;
  const whole = service ?? 'everything';
  return pool === undefined ? whole : `${whole} with ${poolWords(pool)}`;
}

/** `buildId=0123456789ab, region=eu` */
const poolWords = ({ tags = {}, ...fields }: PolicyPool): string =>
  Object.entries({ ...fields, ...tags })
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

const renderEntry = (entry: string, { unmatched }: PolicyView): string =>
  unmatched.includes(entry) ? `${entry}  (matches nothing in the builds that run now)` : entry;

function redactionSections(rules: RedactionRules): readonly Section[] {
  const { names, allowNames, patterns, mode, includeNames } = rules;
  return [
    [
      'hidden',
      [...names, ...patterns.map(({ name, pattern, flags = '' }) => `${name}  /${pattern}/${flags}`)],
    ],
    ['not hidden', allowNames],
    ['shown only', mode === 'include' ? [includeNames.join(', ') || 'nothing'] : []],
  ];
}

function processLines({ connected, current, behind }: PolicyProcesses): string[] {
  return [
    `${current} of ${count(connected, 'connected process', 'connected processes')} ${current === 1 ? 'has' : 'have'} it`,
    ...behind.map(
      ({ instance, service, revision, problem }) =>
        `${instance} of ${service} has ${revision === 0 ? 'none' : `revision ${revision}`}${problem === undefined ? '' : `: ${problem}`}`,
    ),
  ];
}
