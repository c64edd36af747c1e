import type { ProbeRequest, ProbeTarget } from '@dormouse/protocol';

import type { Options, Values } from '../command/command.js';
import { UsageError } from '../failure.js';
import { parseCount, parseDuration } from './quantity.js';
import { SERVICE_OPTION } from './service.js';

/** What snapshots and logs have in common. */
export const PROBE_OPTIONS = {
  service: SERVICE_OPTION,
  if: { type: 'string', value: 'EXPR', summary: 'Only when this holds' },
  hits: { type: 'string', value: 'N', summary: 'End after N hits in total' },
  rate: { type: 'string', value: 'N', summary: 'At most N hits per second and process' },
  expires: { type: 'string', value: 'TIME', summary: 'End after this time, such as 10m; default 1h' },
  instance: { type: 'string', value: 'ID', summary: 'Only in this process' },
  build: { type: 'string', value: 'ID', summary: 'Only in this build' },
  tag: { type: 'string', value: 'NAME=VALUE', multiple: true, summary: 'Only in processes with this tag' },
} as const satisfies Options;

type CommonRequest = Omit<ProbeRequest, 'kind' | 'service' | 'location' | 'watches' | 'template' | 'level'>;

/** The part of a request that {@link PROBE_OPTIONS} make. */
export function commonRequest(values: Values<typeof PROBE_OPTIONS>): CommonRequest {
  const { hits, rate, expires } = values;
  const limits = {
    ...(hits !== undefined && { hits: parseCount('hits', hits) }),
    ...(rate !== undefined && { hitsPerSecond: parseCount('rate', rate) }),
    ...(expires !== undefined && { expiresInMs: parseDuration('expires', expires) }),
  };
  return { ...(values.if !== undefined && { condition: values.if }), target: targetOf(values), limits };
}

function targetOf({ instance, build, tag }: Values<typeof PROBE_OPTIONS>): ProbeTarget {
  return {
    ...(instance !== undefined && { instance }),
    ...(build !== undefined && { buildId: build }),
    ...(tag !== undefined && { tags: Object.fromEntries(tag.map(parseTag)) }),
  };
}

function parseTag(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`--tag ${text} is no NAME=VALUE.`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}
