import { STANDARD_LIMITS, type CaptureLimits, type ProbeView } from '@dormouse/protocol';
import { TIMES } from './asks.js';
import { askOf, EMPTY, type Draft } from './draft.js';

/** What stood in the form for a probe that there is, its session apart, so that it can be asked for again, with changes. */
export function draftOf(probe: ProbeView): Draft {
  const { kind, location, limits, target, verdict = {}, attributes = {}, until } = probe;
  const { limits: standard, capture } = STANDARD_LIMITS[kind];
  const isCounted = askOf(kind).fields.includes('hits');
  return {
    ...EMPTY,
    kind,
    on: askOf(kind).fields.includes('on') ? probe.on : EMPTY.on,
    condition: probe.condition ?? '',
    watches: probe.watches.join('\n'),
    callers: probe.callers ?? null,
    template: probe.template ?? '',
    level: probe.level ?? EMPTY.level,
    to: probe.to ?? EMPTY.to,
    expect: probe.expect ?? '',
    verdictHits: verdict.afterHits ?? null,
    verdictMs: verdict.afterMs === undefined ? 0 : timeNear(verdict.afterMs),
    value: probe.value ?? '',
    by: probe.by ?? '',
    keys: probe.keys ?? null,
    name: probe.name ?? '',
    attributes: Object.entries(attributes)
      .map(([name, source]) => `${name} = ${source}`)
      .join('\n'),
    until: until === undefined ? '' : `${until.file === location.file ? '' : `${until.file}:`}${until.line}`,
    within: probe.within ?? EMPTY.within,
    includes: (probe.includes ?? []).map(({ function: name, location: { file, line } }) => ({
      file,
      line,
      function: name,
    })),
    steps: probe.steps ?? null,
    hits: isCounted && limits.hits !== standard.hits ? limits.hits : null,
    hitsOf: probe.hitsOf ?? EMPTY.hitsOf,
    hitsPerSecond: isCounted && limits.hitsPerSecond !== standard.hitsPerSecond ? limits.hitsPerSecond : null,
    expiresInMs: timeNear(limits.expiresInMs),
    instances: target.instances ?? (target.instance === undefined ? [] : [target.instance]),
    version: target.version ?? '',
    buildId: target.buildId ?? '',
    tags: pairsOf(target.tags),
    context: pairsOf(target.context),
    share: target.share === undefined ? null : target.share * 100,
    canaryMs: target.canary === undefined ? 0 : timeNear(target.canary.quietMs),
    capture: othersThan(capture, probe.capture),
  };
}

/** The first of the times one can choose that is not shorter; else the longest. */
const timeNear = (ms: number): number => (TIMES.find(([time]) => time >= ms) ?? TIMES.at(-1)!)[0];

const pairsOf = (named: Readonly<Record<string, string>> = {}): string =>
  Object.entries(named)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

const othersThan = (standard: CaptureLimits, limits: CaptureLimits): Partial<CaptureLimits> =>
  Object.fromEntries(
    Object.entries(limits).filter(([limit, value]) => standard[limit as keyof CaptureLimits] !== value),
  );
