import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeLocation, ProbeRequest, ProbeView } from '@dormouse/protocol';
import { z } from 'zod';
import { isMetric } from '../../metrics/kinds.js';
import { callEvent, logLevel, probeKind } from '../../schemas/probe.js';
import { Refused } from '../api.js';
import { probeState, stateOf } from '../evidence/probe-state.js';
import { MCP_LIMITS } from '../limits.js';
import { defineTool, type ToolContext } from '../tool.js';

const expression = (description: string): z.ZodOptional<z.ZodString> =>
  z.string().min(1).meta({ description }).optional();

const input = z.object({
  kind: probeKind.meta({
    description:
      'snapshot: variables and stack at a place. path: one call line by line, which branches it took. log: a line of text per hit. ' +
      'check: whether `expect` holds at every hit. counter, gauge, histogram: how often, and the numbers of `value`. ' +
      'duration: how long calls take. tictoc: how long from one line to another. span: calls as spans of traces. ' +
      'tag: attributes on the active span.',
  }),
  service: z.string(),
  file: z.string().min(1).meta({ description: 'Original source, or any unambiguous end of its path.' }),
  line: z
    .int()
    .min(1)
    .meta({ description: 'For `on: line`: the statement before which it looks.' })
    .optional(),
  function: z
    .string()
    .min(1)
    .meta({ description: 'For calls (duration, path, span, `on` other than line), instead of a line.' })
    .optional(),
  on: z
    .enum(['line', ...callEvent.options])
    .meta({ description: 'What it waits for. Default: line, or end for duration, path and span.' })
    .optional(),
  condition: expression(
    'Only hits for which this is true. A read-only JavaScript expression over the variables in scope; at the end of calls ' +
      'also $return, $error and $duration (ms). Narrow it: `order.amount > 10000`.',
  ),
  watches: z
    .array(z.string().min(1))
    .max(10)
    .meta({
      description: 'snapshot, check: expressions to show besides the variables: `typeof order.highValue`.',
    })
    .optional(),
  callers: z
    .int()
    .min(0)
    .max(10)
    .meta({ description: 'snapshot: show the variables of so many callers too, from the second capture on.' })
    .optional(),
  template: expression('log: `order {order.id} costs {total}`.'),
  level: logLevel.meta({ description: 'log.' }).optional(),
  expect: expression('check: what should always hold: `typeof order.highValue === "boolean"`.'),
  afterHits: z
    .int()
    .min(1)
    .meta({ description: 'check: decide after so many hits of a process.' })
    .optional(),
  afterS: z.int().min(1).meta({ description: 'check: decide after so many seconds.' }).optional(),
  value: expression('gauge, histogram: the number.'),
  by: expression('Metrics: a series for each value of this: `typeof order.highValue`.'),
  untilLine: z
    .int()
    .min(1)
    .meta({ description: 'tictoc: where the time ends. span, path: where it ends before the call does.' })
    .optional(),
  untilFile: z.string().min(1).meta({ description: 'If it is another file.' }).optional(),
  within: z.enum(['call', 'request']).meta({ description: 'tictoc: what both lines belong to.' }).optional(),
  includes: z
    .array(z.object({ file: z.string().min(1), function: z.string().min(1) }))
    .max(10)
    .meta({ description: 'path: functions to follow too.' })
    .optional(),
  name: z.string().min(1).meta({ description: 'span: its name.' }).optional(),
  attributes: z
    .record(z.string(), z.string())
    .meta({ description: 'span, tag: by name, each an expression.' })
    .optional(),
  hits: z
    .int()
    .min(1)
    .max(MCP_LIMITS.maxHits)
    .meta({
      description:
        'It ends after so many captures. Default: snapshot 3, path 2, check and tag 10, log and span 50.',
    })
    .optional(),
  expiresInS: z
    .int()
    .min(10)
    .max(MCP_LIMITS.maxExpiresInS)
    .meta({ description: 'It ends after so many seconds, whatever happens.' })
    .default(MCP_LIMITS.expiresInS),
  version: z.string().min(1).meta({ description: 'Only processes of this version.' }).optional(),
  instance: z.string().min(1).meta({ description: 'Only this process.' }).optional(),
  context: z
    .record(z.string(), z.string())
    .meta({ description: 'Only requests with these attributes, `traceId` for example.' })
    .optional(),
});

type Input = z.output<typeof input>;

export const placeProbe = defineTool({
  name: 'place_probe',
  title: 'Place a probe in a running service',
  description:
    'Asks running processes a question at a place of their code. Nothing is restarted or paused, and the program cannot ' +
    `notice. At most ${MCP_LIMITS.probes} of your probes are active at once; each ends by itself after its hits or its time, ` +
    'and end_probes ends it earlier. It answers when the processes have it, or says that they do not yet. Then ' +
    'wait_for_evidence. One question per probe: place the cheapest that can refute your hypothesis.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input,
  output: probeState,
  async run(context, wanted) {
    const probe = await context.placeInTurn(async () => {
      await requireRoom(context);
      return context.api.createProbe(requestOf(wanted, context.owner));
    });
    return stateOf(await armed(context, probe), context.owner);
  },
});

/** @throws {Refused} LIMIT_EXCEEDED */
async function requireRoom({ api, owner }: ToolContext): Promise<void> {
  const own = (await api.probes({ state: 'active' })).filter((probe) => probe.owner === owner);
  if (own.length < MCP_LIMITS.probes) return;
  throw new Refused({
    code: 'LIMIT_EXCEEDED',
    message: `You have ${own.length} active probes, and ${MCP_LIMITS.probes} is the most. End those that have answered with end_probes: ${own.map(({ id }) => id).join(', ')}.`,
    suggestions: own.map(({ id }) => id),
  });
}

/** Only what was given: what does not belong to the kind, the API refuses. */
function requestOf(wanted: Input, owner: string): ProbeRequest {
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

const locationOf = (wanted: Input): ProbeLocation => ({
  file: wanted.file,
  ...pick(wanted, 'line', 'function'),
});

function verdictOf({ afterHits, afterS }: Input): Pick<ProbeRequest, 'verdict'> {
  if (afterHits === undefined && afterS === undefined) return {};
  return {
    verdict: {
      ...(afterHits !== undefined && { afterHits }),
      ...(afterS !== undefined && { afterMs: afterS * 1_000 }),
    },
  };
}

function limitsOf({ kind, hits, expiresInS }: Input): NonNullable<ProbeRequest['limits']> {
  const expiresInMs = expiresInS * 1_000;
  if (hits !== undefined) return { expiresInMs, hits };
  return isMetric(kind) ? { expiresInMs } : { expiresInMs, hits: MCP_LIMITS.hits[kind] };
}

/** The probe as it is once its processes have it, or have said why not; or after some time. */
async function armed({ api, signal }: ToolContext, probe: ProbeView): Promise<ProbeView> {
  const deadline = Date.now() + MCP_LIMITS.armingMs;
  let latest = probe;
  while (Date.now() < deadline && latest.state === 'active' && latest.killed === undefined) {
    const isAnswered = latest.agents.every(
      ({ state, message }) => state !== 'received' || message !== undefined,
    );
    if (latest.agents.length > 0 && isAnswered) break;
    await sleep(MCP_LIMITS.lookAgainMs, undefined, { signal });
    latest = await api.probe(probe.id);
  }
  return latest;
}

/** Optional fields that are absent where they were not given, instead of undefined. */
type Given<Key extends keyof Input> = { readonly [Name in Key]?: Exclude<Input[Name], undefined> };

function pick<Key extends keyof Input>(wanted: Input, ...keys: readonly Key[]): Given<Key> {
  return Object.fromEntries(
    keys.map((key) => [key, wanted[key]] as const).filter(([, value]) => value !== undefined),
  ) as Given<Key>;
}
