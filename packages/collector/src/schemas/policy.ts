import { z } from 'zod';
import {
  DEFAULT_PROCESS_LIMITS,
  LIMITS,
  type BudgetReport,
  type KillSwitchRequest,
  type KillView,
  type Pause,
  type PolicyPool,
  type PolicyReport,
  type PolicyRequest,
  type PolicyView,
  type ProcessLimits,
  type RedactionRules,
} from '@dormouse/protocol';
import { count, name, text, time } from './text.js';

/** Why probes were switched off. */
const reason = z.string().min(1).max(LIMITS.reasonLength);

const denyEntry = z.string().max(LIMITS.denyEntryLength).regex(/\S/u, 'must not be empty').meta({
  description:
    'A file, a folder or a function: `src/vault/**`, `src/pay.ts#charge*`, `#decrypt`; `*` within a folder, `**` any.',
});

const descriptions: Readonly<Record<keyof ProcessLimits, string>> = {
  hitsPerSecond: 'Captures per second, over all probes of a process.',
  bytesPerSecond: 'Bytes of captures per second, over all probes of a process.',
  cpuShare: 'Share of the main thread that all probes may take, 0 to 1, over about ten seconds.',
  loopDelayMs: 'Delay of the event loop that pauses all probes when it is the usual one, ms.',
  orphanMs: 'Time without a collector after which all probes are disarmed, ms.',
  lifetimeHits: 'Captures in the life of a process.',
  lifetimeBytes: 'Bytes of captures in the life of a process.',
};

const limit = (of: keyof ProcessLimits): z.ZodExactOptional<z.ZodNumber> =>
  RANGES[of].meta({ description: descriptions[of] }).exactOptional();

const amount = z.number().min(0);
const RANGES: Readonly<Record<keyof ProcessLimits, z.ZodNumber>> = {
  hitsPerSecond: amount,
  bytesPerSecond: amount,
  cpuShare: amount.max(1),
  // No program is never late, and nobody would expect that 0 stands for always.
  loopDelayMs: z.number().min(1),
  orphanMs: amount,
  lifetimeHits: amount,
  lifetimeBytes: amount,
};

const limits = z
  .strictObject(
    Object.fromEntries(
      (Object.keys(DEFAULT_PROCESS_LIMITS) as (keyof ProcessLimits)[]).map((of) => [of, limit(of)]),
    ) as Record<keyof ProcessLimits, z.ZodExactOptional<z.ZodNumber>>,
  )
  .meta({
    description: 'What the processes’ own limits are lowered to; what is higher than theirs changes nothing.',
  }) satisfies z.ZodType<Partial<ProcessLimits>>;

const pattern = z.object({
  name: z.string().meta({ description: 'What stands in place of the text: letters, digits, `-` and `_`.' }),
  pattern: z.string().meta({ description: 'A regular expression without lookaround and back-references.' }),
  flags: z.string().exactOptional(),
});
const redactionFields = {
  names: z.array(z.string()).meta({ description: 'Hidden too, also as the last words of others.' }),
  allowNames: z
    .array(z.string())
    .meta({ description: 'Not hidden, as whole names, unless another policy names them.' }),
  patterns: z.array(pattern).meta({ description: 'Texts that are hidden wherever they stand.' }),
  mode: z
    .enum(['exclude', 'include'])
    .meta({ description: '`include`: only what is named in `includeNames` shows a value.' }),
  includeNames: z.array(z.string()),
};

/** Says what rules look like; what is wrong with them, their own check says better. */
const redactionRequest = z
  .object({
    names: redactionFields.names.exactOptional(),
    allowNames: redactionFields.allowNames.exactOptional(),
    patterns: redactionFields.patterns.exactOptional(),
    mode: redactionFields.mode.exactOptional(),
    includeNames: redactionFields.includeNames.exactOptional(),
  })
  .loose() satisfies z.ZodType<Partial<RedactionRules>>;

export const policyRequest = z
  .strictObject({
    deny: z.array(denyEntry).max(LIMITS.denyEntries).exactOptional(),
    redaction: redactionRequest.exactOptional(),
    limits: limits.exactOptional(),
    revision: count
      .meta({ description: 'Of the policy this one replaces: refused if that has changed since.' })
      .exactOptional(),
  })
  .meta({
    id: 'PolicyRequest',
    description: 'All of a policy but its kill switch; what is missing is nothing.',
  }) satisfies z.ZodType<PolicyRequest>;

const pool = z
  .strictObject({
    version: name.exactOptional(),
    buildId: name.exactOptional(),
    commit: name.exactOptional(),
    tags: z
      .record(name, z.string().max(256))
      .refine((tags) => Object.keys(tags).length > 0, 'must name a tag')
      .exactOptional(),
  })
  .refine((fields) => Object.keys(fields).length > 0, 'must say which processes')
  .meta({
    description:
      'Processes by what they say of themselves, of the service or of all: every field given must match. Those that come later belong to it too.',
  }) satisfies z.ZodType<PolicyPool>;

export const killSwitchRequest = z
  .strictObject({
    on: z.boolean().meta({ description: '`true` disarms, `false` arms again what is still wanted.' }),
    reason: reason.meta({ description: 'Needed to switch on.' }).exactOptional(),
    service: name
      .meta({ description: 'Without it, and without a process or pool: everything.' })
      .exactOptional(),
    instance: name.meta({ description: 'One process.' }).exactOptional(),
    pool: pool.exactOptional(),
  })
  .meta({ id: 'KillSwitchRequest' }) satisfies z.ZodType<KillSwitchRequest>;

export const pause = z
  .object({ cause: z.enum(['probeCpuBudget', 'cpuBudget', 'eventLoopDelay']), since: time, until: time })
  .meta({ description: 'While the probe rests, or all of its process.' }) satisfies z.ZodType<Pause>;

const policyReportFields = {
  revision: count.meta({ description: 'Of the policy that is in force; 0 for none.' }),
  killed: z
    .literal(true)
    .meta({ description: 'The program has switched its probes off itself.' })
    .exactOptional(),
  problem: text.meta({ description: 'Why the policy could not be put in force.' }).exactOptional(),
};

/** What a process says of its policy. */
export const policyReport = z.object(policyReportFields) satisfies z.ZodType<PolicyReport>;

/** What its probes may take of a process, and have sent. */
export const budgetReport = z
  .object({
    limits: limits.meta({
      description:
        'In force: its own, as far as a policy has not lowered them. One that is missing has no bound.',
    }),
    spentMs: amount.meta({
      description: 'Time of the main thread that probes have taken in the life of the process, ms.',
    }),
    captures: count.meta({ description: 'In the life of the process.' }),
    bytes: count.meta({ description: 'Of captures, in the life of the process, before compression.' }),
  })
  .meta({ description: 'What all probes of the process may take of it.' }) satisfies z.ZodType<BudgetReport>;

export const killView = z
  .object({
    by: z.enum(['everything', 'service', 'pool', 'instance', 'process']),
    reason: z.string().exactOptional(),
    since: time.exactOptional(),
  })
  .meta({ id: 'Kill', description: 'Whose kill switch is on, and why.' }) satisfies z.ZodType<KillView>;

export const policyView: z.ZodType<PolicyView> = z
  .object({
    service: name.exactOptional(),
    instance: name.exactOptional(),
    pool: pool.exactOptional(),
    revision: count,
    changedAt: time.exactOptional(),
    kill: z.object({ reason: z.string(), since: time }).exactOptional(),
    deny: z.array(z.string()),
    unmatched: z
      .array(z.string())
      .meta({ description: 'Entries of the deny list that match nothing in the builds that run now.' }),
    redaction: z.object(redactionFields),
    limits,
    processes: z
      .object({
        connected: count,
        current: count.meta({ description: 'Those that have said that they have all of their policy.' }),
        behind: z
          .array(z.object({ instance: name, service: name, ...policyReportFields }))
          .meta({ description: `Some of the others, at most ${LIMITS.policyProcesses}.` }),
      })
      .meta({ description: 'The connected processes that it is for.' }),
  })
  .meta({ id: 'Policy', description: 'What holds for everything, a service or a process, and who has it.' });
