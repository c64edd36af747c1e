import type { ProbeLocation, ProbeRequest } from '@dormouse/protocol';
import { isMetric } from '../../metrics/kinds.js';
import { MCP_LIMITS } from '../limits.js';
import type { ProbeInput } from './probe-input.js';

type Asked = Omit<ProbeInput, 'group'>;

/** What the API is asked for: only what was given. What does not belong to the kind, the API refuses. */
export function requestOf(wanted: Asked, owner: string): ProbeRequest {
  const { kind, service, file, on, version, instance, context, untilLine, untilFile = file } = wanted;
  const given = pick(
    wanted,
    'condition',
    'watches',
    'callers',
    'template',
    'level',
    'expect',
    'value',
    'by',
    'within',
    'includes',
    'name',
    'attributes',
  );
  const target = {
    ...(version !== undefined && { version }),
    ...(instance !== undefined && { instance }),
    ...(context !== undefined && { context }),
  };
  return {
    kind,
    service,
    location: locationOf(wanted),
    ...(on !== undefined && { on }),
    ...given,
    ...(untilLine !== undefined && { until: { file: untilFile, line: untilLine } }),
    ...verdictOf(wanted),
    ...(Object.keys(target).length > 0 && { target }),
    limits: limitsOf(wanted),
    owner,
  };
}

const locationOf = (wanted: Asked): ProbeLocation => ({
  file: wanted.file,
  ...pick(wanted, 'line', 'function'),
  ...(wanted.lineText !== undefined && { text: wanted.lineText }),
});

function verdictOf({ afterHits, afterS }: Asked): Pick<ProbeRequest, 'verdict'> {
  if (afterHits === undefined && afterS === undefined) return {};
  return {
    verdict: {
      ...(afterHits !== undefined && { afterHits }),
      ...(afterS !== undefined && { afterMs: afterS * 1_000 }),
    },
  };
}

function limitsOf({ kind, hits, expiresInS }: Asked): NonNullable<ProbeRequest['limits']> {
  const expiresInMs = expiresInS * 1_000;
  if (hits !== undefined) return { expiresInMs, hits };
  return isMetric(kind) ? { expiresInMs } : { expiresInMs, hits: MCP_LIMITS.hits[kind] };
}

/** Optional fields that are absent where they were not given, instead of undefined. */
type Given<Key extends keyof Asked> = { readonly [Name in Key]?: Exclude<Asked[Name], undefined> };

function pick<Key extends keyof Asked>(wanted: Asked, ...keys: readonly Key[]): Given<Key> {
  return Object.fromEntries(
    keys.map((key) => [key, wanted[key]] as const).filter(([, value]) => value !== undefined),
  ) as Given<Key>;
}
