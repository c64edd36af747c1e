import type { ProbeRequest, ProbeTarget } from '@dormouse/protocol';

import type { Options, Values } from '../command/command.js';
import { parsePairs } from './pairs.js';
import { parseCount, parseDuration, parseShare } from './quantity.js';
import { SERVICE_OPTION } from './service.js';

/** What snapshots and logs have in common. */
export const PROBE_OPTIONS = {
  service: SERVICE_OPTION,
  if: { type: 'string', value: 'EXPR', summary: 'Only when this holds' },
  hits: { type: 'string', value: 'N', summary: 'End after N hits in total' },
  'hits-each': { type: 'boolean', summary: 'With --hits: so many in each process, not in all together' },
  rate: { type: 'string', value: 'N', summary: 'At most N hits per second and process' },
  expires: { type: 'string', value: 'TIME', summary: 'End after this time, such as 10m; default 1h' },
  instance: {
    type: 'string',
    value: 'ID',
    values: 'instances',
    multiple: true,
    summary: 'Only in this process; several: in these',
  },
  build: { type: 'string', value: 'ID', summary: 'Only in this build' },
  tag: { type: 'string', value: 'NAME=VALUE', multiple: true, summary: 'Only in processes with this tag' },
  context: {
    type: 'string',
    value: 'NAME=VALUE',
    multiple: true,
    summary: 'Only for requests with this attribute, such as user=42 or traceId=…',
  },
  group: { type: 'string', value: 'ID', summary: 'Make it a probe of this group, and live as long' },
  share: { type: 'string', value: 'SHARE', summary: 'Only in so large a part of the processes: 0.1, 10%' },
  canary: {
    type: 'string',
    value: 'TIME',
    summary: 'In one process first, in all after so long without trouble',
  },
} as const satisfies Options;

type CommonRequest = Pick<ProbeRequest, 'condition' | 'target' | 'limits' | 'hitsOf' | 'group'>;

/** The part of a request that {@link PROBE_OPTIONS} make. */
export function commonRequest(values: Values<typeof PROBE_OPTIONS>): CommonRequest {
  const { hits, rate, expires } = values;
  const limits = {
    ...(hits !== undefined && { hits: parseCount('hits', hits) }),
    ...(rate !== undefined && { hitsPerSecond: parseCount('rate', rate) }),
    ...(expires !== undefined && { expiresInMs: parseDuration('expires', expires) }),
  };
  return {
    ...(values.if !== undefined && { condition: values.if }),
    target: targetOf(values),
    limits,
    ...(values.group !== undefined && { group: values.group }),
    ...(values['hits-each'] === true && { hitsOf: 'each' }),
  };
}

function targetOf(values: Values<typeof PROBE_OPTIONS>): ProbeTarget {
  const { instance = [], build, tag, context, share, canary } = values;
  const [only, ...others] = instance;
  return {
    ...(only !== undefined && (others.length === 0 ? { instance: only } : { instances: instance })),
    ...(build !== undefined && { buildId: build }),
    ...(tag !== undefined && { tags: parsePairs('--tag', tag) }),
    ...(context !== undefined && { context: parsePairs('--context', context) }),
    ...(share !== undefined && { share: parseShare('share', share) }),
    ...(canary !== undefined && { canary: { quietMs: parseDuration('canary', canary) } }),
  };
}
