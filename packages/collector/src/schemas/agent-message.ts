import { z } from 'zod';
import type {
  AgentIdentity,
  CapturesMessage,
  HelloMessage,
  ManifestMessage,
  StatusMessage,
} from '@dormouse/protocol';
import { manifest } from './manifest.js';
import { budgetReport, pause, policyReport } from './policy.js';
import { probeReport } from './probe.js';
import { count, name } from './text.js';

const MAX_TAGS = 64;
const MAX_REPORTS = 1_000;
const MAX_BATCH = 100_000;

export const agentIdentity = z.object({
  instance: name,
  service: name,
  version: name.exactOptional(),
  buildId: name.exactOptional(),
  commit: name.exactOptional(),
  host: name,
  pid: count,
  node: name,
  runtime: name,
  tags: z
    .record(name, z.string().max(256))
    .refine((tags) => Object.keys(tags).length <= MAX_TAGS, `must have at most ${MAX_TAGS} tags`),
}) satisfies z.ZodType<AgentIdentity>;

/** What every version's hello has, so that another version gets a refusal it can understand. */
export const anyHello = z.object({ type: z.literal('hello'), protocol: z.number() });

export const hello: z.ZodType<HelloMessage> = z.object({
  type: z.literal('hello'),
  protocol: z.number(),
  contract: z.number(),
  agent: agentIdentity,
});

const manifestMessage = z.object({
  type: z.literal('manifest'),
  manifest,
}) satisfies z.ZodType<ManifestMessage>;

const statusMessage = z.object({
  type: z.literal('status'),
  revision: count,
  reports: z.array(probeReport).max(MAX_REPORTS),
  policy: policyReport.exactOptional(),
  pause: pause.exactOptional(),
  budget: budgetReport.exactOptional(),
}) satisfies z.ZodType<StatusMessage>;

/** Captures are checked one by one later: a bad one must not cost the good ones beside it. */
export type CapturesEnvelope = Omit<CapturesMessage, 'captures'> & { readonly captures: readonly unknown[] };

const capturesEnvelope = z.object({
  type: z.literal('captures'),
  batch: count,
  captures: z.array(z.unknown()).max(MAX_BATCH),
}) satisfies z.ZodType<CapturesEnvelope>;

/** Everything that may follow a hello. */
export const agentMessage = z.discriminatedUnion('type', [manifestMessage, statusMessage, capturesEnvelope], {
  error: 'must be a manifest, status or captures message',
});
