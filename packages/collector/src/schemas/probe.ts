import { z } from 'zod';
import {
  LIMITS,
  MAX_PROBE_LIMITS,
  METRIC_LIMITS,
  PATH_LIMITS,
  type CaptureLimits,
  type ProbeExtension,
  type ProbeLimits,
  type ProbeLocation,
  type ProbeReport,
  type ProbeRequest,
  type ProbeTarget,
  type ProbeView,
  type ResolvedLocation,
  type VerdictRule,
  type WaitView,
} from '@dormouse/protocol';
import { metricKind } from './metric.js';
import { killView, pause } from './policy.js';
import { count, longName, name, position, text, time } from './text.js';

export const probeKind = z.enum(['snapshot', 'log', 'check', ...metricKind.options, 'span', 'tag', 'path']);
export const callEvent = z.enum(['entry', 'return', 'throw', 'end']);
export const probeEvent = z.enum(['line', ...callEvent.options]);
export const logLevel = z.enum(['debug', 'info', 'warn', 'error']);
const logDestination = z.enum(['collector', 'process', 'both']);

const file = longName.meta({
  description: 'Original source, or any unambiguous end of its path: `risk.ts`, `src/risk.ts`.',
});
const line = position.meta({ description: 'From 1.' });

const location: z.ZodType<ProbeLocation> = z.strictObject({
  file,
  line: line.exactOptional(),
  endLine: position
    .meta({
      description:
        'With `line`: the last one of a range. Its first statement is meant or, of calls, the first function that begins in it.',
    })
    .exactOptional(),
  text: longName
    .regex(/^[^\n\r]*$/u, 'must be one line')
    .meta({
      description:
        'Instead of `line`: the whole text of the line, in which blanks do not count. Several lines with it are refused, unless `line` says near which.',
    })
    .exactOptional(),
  function: longName
    .meta({
      description:
        'Of calls: the function, as a stack shows it, `Ledger.settle`; or instead any line of it. Not for lines.',
    })
    .exactOptional(),
  column: position
    .meta({
      description: 'From 1; picks the nearest point at or before it. Without it: the first of the line.',
    })
    .exactOptional(),
});

export const resolvedLocation: z.ZodType<ResolvedLocation> = z
  .object({ file, line, column: position })
  .meta({ id: 'Location', description: 'The resolved place of a probe: whole path, line and column.' });

export const target = z
  .strictObject({
    version: name.exactOptional(),
    buildId: name.exactOptional(),
    commit: name.exactOptional(),
    instance: name.exactOptional(),
    instances: z.array(name).min(1).max(1_000).exactOptional(),
    tags: z.record(name, z.string().max(256)).exactOptional(),
    share: z
      .number()
      .gt(0)
      .max(1)
      .meta({ description: 'Only so large a part of the processes, and at least one.' })
      .exactOptional(),
    canary: z
      .strictObject({ quietMs: z.int().min(1).max(MAX_PROBE_LIMITS.expiresInMs) })
      .meta({
        description:
          'One process first; the others follow once it has had the probe for so long without trouble.',
      })
      .exactOptional(),
    context: z
      .record(name, z.string().max(LIMITS.contextValueLength))
      .meta({
        description:
          'Only hits of requests with these attributes; `traceId` and `spanId` are attributes too.',
      })
      .exactOptional(),
  })
  .meta({
    description: 'Which processes the probe is for; every field given must match.',
  }) satisfies z.ZodType<ProbeTarget>;

/** Ceilings are checked where the defaults are applied, so that the error can name the ceiling. */
const limit = z.number().positive();
const probeLimits = {
  hits: z
    .int()
    .min(1)
    .meta({ description: 'Delivered hits, over all processes, after which the probe ends.' }),
  hitsPerSecond: limit.meta({ description: 'Delivered hits per second and process.' }),
  expiresInMs: z.int().min(1).meta({ description: 'Life of the probe, ms.' }),
};
const captureLimits = {
  depth: count.meta({ description: 'Levels of objects below a variable.' }),
  fields: count.meta({ description: 'Properties of one object.' }),
  items: count.meta({ description: 'Elements of one array, Map, Set or binary.' }),
  stringLength: count.meta({ description: 'UTF-16 units of one string.' }),
  nodes: z.int().min(1).meta({ description: 'Values in the whole capture.' }),
  bytes: z.int().min(1).meta({ description: 'Bytes of all values together, as they are estimated.' }),
  timeMs: limit.meta({ description: 'Time for the whole capture, ms.' }),
  frames: count.meta({ description: 'Stack frames.' }),
};

const expression = z
  .string()
  .meta({ description: 'A read-only JavaScript expression over the variables in scope at the line.' });

const verdict = z
  .strictObject({
    afterHits: z.int().min(1).meta({ description: 'Hits in one process.' }).exactOptional(),
    afterMs: z.int().min(1).meta({ description: 'Time since it was armed, ms.' }).exactOptional(),
  })
  .meta({
    description: 'When a check has been watched for long enough; whichever comes first.',
  }) satisfies z.ZodType<VerdictRule>;

const attributes = z
  .record(name, expression)
  .refine(
    (named) => Object.keys(named).length <= LIMITS.spanAttributes,
    `must be at most ${LIMITS.spanAttributes}`,
  );

const within = z.enum(['call', 'request']);

/** A second line; what has it decides whether it has to be of the same function. */
const until = location.meta({ description: 'A second line, at which what began at the first one ends.' });

const placed = {
  service: name,
  location,
  condition: expression.exactOptional(),
  target: target.exactOptional(),
  limits: z.strictObject(eachOptional(probeLimits)).exactOptional(),
  capture: z.strictObject(eachOptional(captureLimits)).exactOptional(),
  owner: name
    .meta({ description: 'Whose it is, in the words of whoever asks: AI agents end none but their own.' })
    .exactOptional(),
  group: name
    .meta({ description: 'Makes it a probe of this group: it lives as long as that, or less.' })
    .exactOptional(),
};

const on = probeEvent
  .meta({
    description:
      'What the probe waits for: the statements of a line, or a call of a function that begins (`entry`), returns, throws, or ends in any way. Default: `line`.',
  })
  .exactOptional();

const hitsOf = z
  .enum(['all', 'each'])
  .meta({
    description:
      'Whose `limits.hits` are: of all processes together, or of each; then the probe ends when every process that has it has had its hits. Default: `all`.',
  })
  .exactOptional();

const common = { ...placed, hitsOf, on };

const measured = {
  ...placed,
  by: expression.meta({ description: 'There is a series for each of its values.' }).exactOptional(),
  keys: z
    .int()
    .min(1)
    .max(METRIC_LIMITS.maxKeys)
    .meta({
      description: `Series of one process and second with \`by\`; what comes after them is in one for all others. Default: ${METRIC_LIMITS.keys}.`,
    })
    .exactOptional(),
  limits: z.strictObject({ expiresInMs: probeLimits.expiresInMs.exactOptional() }).exactOptional(),
};
const measuredNumber = expression.meta({ description: 'The number that is measured.' });

/** The body of `POST /probes`. */
export const probeRequest = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({
        kind: z.literal('snapshot'),
        ...common,
        watches: z.array(expression).max(LIMITS.watches).exactOptional(),
        callers: z
          .int()
          .min(0)
          .max(LIMITS.callers)
          .meta({
            description:
              'So many of the woven functions that lead to a hit show their variables too; learnt from the stack of the first capture. Default: 0.',
          })
          .exactOptional(),
      }),
      z.strictObject({
        kind: z.literal('log'),
        ...common,
        template: z.string().min(1).meta({
          description:
            'Text with expressions in braces, `order {order.id} costs {total}`; `{{` and `}}` are braces.',
        }),
        level: logLevel.exactOptional(),
        to: logDestination
          .meta({
            description:
              'Where the lines go: to the collector, to where the process writes its own logs, or both. Default: `collector`.',
          })
          .exactOptional(),
      }),
      z.strictObject({
        kind: z.literal('check'),
        ...common,
        expect: expression.meta({ description: 'What must hold at every hit.' }),
        verdict: verdict.exactOptional(),
        watches: z.array(expression).max(LIMITS.watches).exactOptional(),
      }),
      z.strictObject({ kind: z.literal('counter'), ...measured, on }),
      z.strictObject({ kind: z.literal('gauge'), ...measured, on, value: measuredNumber }),
      z.strictObject({ kind: z.literal('histogram'), ...measured, on, value: measuredNumber }),
      z.strictObject({ kind: z.literal('duration'), ...measured }),
      z.strictObject({
        kind: z.literal('tictoc'),
        ...measured,
        until: until.meta({
          description:
            'Where the time ends that begins at `location`: the next hit, in the same call or request.',
        }),
        within: within
          .meta({
            description:
              '`call`: both lines are of one function, and of the same call of it; `request`: of any functions, in the same request. Default: `call`.',
          })
          .exactOptional(),
      }),
      z.strictObject({
        kind: z.literal('span'),
        ...placed,
        hitsOf,
        until: until
          .meta({
            description:
              'Makes it a span of lines: it begins before the statement of `location` and ends before this one, of the same function, in the same call; or with the call.',
          })
          .exactOptional(),
        name: name
          .meta({
            description:
              'What the span is called. Default: the function’s name; of lines with these, `settle:12-18`.',
          })
          .exactOptional(),
        attributes: attributes
          .meta({
            description:
              'By name, each an expression: of the call’s end where it reads how that went, else of its begin.',
          })
          .exactOptional(),
      }),
      z.strictObject({
        kind: z.literal('path'),
        ...placed,
        hitsOf,
        until: until
          .meta({
            description:
              'Only calls that reach this line are shown, up to it. It is of the function, or of one in `includes`, where it may come later in the same request.',
          })
          .exactOptional(),
        includes: z
          .array(location)
          .max(PATH_LIMITS.includes)
          .meta({
            description:
              'Other functions to follow, while they run below the recorded call or in its request. The function itself: calls of it below are followed too.',
          })
          .exactOptional(),
        steps: z
          .int()
          .min(2)
          .max(PATH_LIMITS.maxSteps)
          .meta({
            description: `Steps of one recording, of which the first half and the last half are kept. Default: ${PATH_LIMITS.steps}.`,
          })
          .exactOptional(),
      }),
      z.strictObject({
        kind: z.literal('tag'),
        ...common,
        attributes: attributes.meta({
          description: 'What to set on the active span: by name, each an expression.',
        }),
      }),
    ],
    { error: `must be an object whose kind is ${probeKind.options.join(', ')}` },
  )
  .meta({
    id: 'ProbeRequest',
    description: 'What to look for in a running service, and where.',
  }) satisfies z.ZodType<ProbeRequest>;

/** What an agent says about one probe. */
export const probeReport = z
  .object({
    id: name,
    state: z.enum(['received', 'armed', 'disarmed']),
    cause: z
      .enum([
        'removed',
        'expired',
        'hitLimit',
        'verdict',
        'error',
        'killSwitch',
        'collectorLost',
        'unknownFile',
        'contractMismatch',
        'denied',
        'lifetimeLimit',
        'invalid',
      ])
      .exactOptional(),
    message: text.exactOptional(),
    seen: count,
    matched: count,
    captured: count,
    skipped: z.partialRecord(
      z.enum([
        'context',
        'condition',
        'conditionError',
        'rateLimitProbe',
        'rateLimitProcess',
        'reentrant',
        'paused',
        'noSpan',
        'noRequest',
        'tooManyOpen',
      ]),
      count,
    ),
    dropped: z.partialRecord(
      z.enum([
        'queueFull',
        'rateLimitBytesProbe',
        'rateLimitBytes',
        'lifetimeLimit',
        'payloadTooLarge',
        'encodeError',
        'disconnected',
        'logFailed',
      ]),
      count,
    ),
    incomplete: count,
    pause: pause.exactOptional(),
    check: z
      .object({
        held: count,
        violated: count,
        failed: count.meta({ description: 'Hits at which the expression had no value.' }),
        verdict: z.enum(['holds', 'violated', 'undecided']).exactOptional(),
      })
      .exactOptional(),
  })
  .meta({
    id: 'ProbeReport',
    description: 'The account of one probe in one process.',
  }) satisfies z.ZodType<ProbeReport>;

/** The body of `POST /probes/:id/extend`. */
export const probeExtension = z
  .strictObject(eachOptional(probeLimits))
  .refine((limits) => Object.keys(limits).length > 0, 'must name a limit')
  .meta({
    id: 'ProbeExtension',
    description: 'Other limits of a probe; what is missing stays. `expiresInMs` counts from now.',
  }) satisfies z.ZodType<ProbeExtension>;

/** A probe as the API shows it. */
export const probeView: z.ZodType<ProbeView> = z
  .object({
    id: name,
    kind: probeKind,
    service: name,
    location: resolvedLocation,
    until: resolvedLocation.exactOptional(),
    within: within.exactOptional(),
    on: probeEvent,
    function: longName,
    condition: z.string().exactOptional(),
    watches: z.array(z.string()),
    callers: count.exactOptional(),
    template: z.string().exactOptional(),
    level: logLevel.exactOptional(),
    to: logDestination.exactOptional(),
    expect: z.string().exactOptional(),
    verdict: verdict.exactOptional(),
    value: z.string().exactOptional(),
    by: z.string().exactOptional(),
    keys: count.exactOptional(),
    name: name.exactOptional(),
    attributes: z.record(name, z.string()).exactOptional(),
    includes: z.array(z.object({ function: longName, location: resolvedLocation })).exactOptional(),
    steps: count.exactOptional(),
    target,
    limits: z.object(probeLimits) satisfies z.ZodType<ProbeLimits>,
    hitsOf,
    capture: z.object(captureLimits) satisfies z.ZodType<CaptureLimits>,
    owner: name.exactOptional(),
    group: name.exactOptional(),
    createdAt: time,
    expiresAt: time,
    state: z.enum(['active', 'ended']),
    endCause: z
      .enum(['removed', 'expired', 'hitLimit', 'verdict', 'error', 'budget'])
      .meta({ description: '`budget`: it took too much of its canary.' })
      .exactOptional(),
    endedAt: time.exactOptional(),
    hits: count.meta({
      description:
        'Captures stored, over all processes; of metrics the hits that were added up, of logs to the process those written there.',
    }),
    unplaced: z
      .array(z.object({ buildId: name, reason: z.string() }))
      .meta({ description: 'Builds of the service the probe could not be placed in, with the reason.' }),
    rollout: z
      .object({
        instances: z.array(name),
        stage: z.enum(['canary', 'all']).meta({ description: '`canary`: one process tries it out.' }),
        widensAt: time
          .meta({ description: 'When the others follow, unless there is trouble.' })
          .exactOptional(),
        trouble: z.string().meta({ description: 'The canary’s last trouble, in words.' }).exactOptional(),
      })
      .meta({ description: 'Which of the processes that it matches have it now: of a share or a canary.' })
      .exactOptional(),
    killed: killView.exactOptional(),
    agents: z.array(probeReport.extend({ instance: name })),
  })
  .meta({ id: 'Probe', description: 'A probe, resolved, with what became of it in every process.' });

/** The shape with every field optional; zod's `partial` would let `undefined` through as a value. */
function eachOptional<Shape extends Record<string, z.ZodType>>(
  shape: Shape,
): { [Field in keyof Shape]: z.ZodExactOptional<Shape[Field]> } {
  const fields = Object.entries(shape).map(([field, schema]) => [field, schema.exactOptional()] as const);
  return Object.fromEntries(fields) as { [Field in keyof Shape]: z.ZodExactOptional<Shape[Field]> };
}

/** The answer of `GET /probes/:id/wait`. */
export const waitView: z.ZodType<WaitView> = z
  .object({
    reason: z
      .enum(['armed', 'answered', 'hits', 'ended', 'timeout'])
      .meta({ description: 'Why the wait is over.' }),
    probe: probeView,
  })
  .meta({ id: 'Wait', description: 'A probe after a wait for it.' });
