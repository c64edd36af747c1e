import type { DisarmCause, DropReason, ProbeReport, ProbeState, SkipReason } from '@dormouse/protocol';

/**
 * What became of one probe in this process. Every hit is in exactly one place:
 *
 *     seen    = matched + skipped.context + skipped.condition + skipped.conditionError + skipped.reentrant + skipped.paused
 *     matched = captured + skipped.rateLimitProbe + skipped.rateLimitProcess + lost before it was queued
 *
 * A span is captured when its call ends, and of the spans that a tag was set on only the first are. A tag that found no
 * span is in `skipped.noSpan`, a tic that found no request or no room in `skipped.noRequest` or `skipped.tooManyOpen`. Of
 * metrics `captured` counts windows, and `dropped` those that had to wait for the next.
 *
 * A path that decides at a call's end, or at a second point, counts the call as seen or matched then; until it does, the
 * call is in no place, and where that point is not reached, it is in `skipped.condition`. A call that it did not record
 * because of the rate, or because as many were recorded, is in `skipped` only.
 *
 * `dropped` also counts what was queued (and so is in `captured`) and lost later.
 */
export interface Account {
  state: ProbeState;
  cause: DisarmCause | undefined;
  message: string | undefined;
  seen: number;
  matched: number;
  captured: number;
  incomplete: number;
  readonly skipped: Record<SkipReason, number>;
  readonly dropped: Record<DropReason, number>;
}

export const openAccount = (): Account => ({
  state: 'received',
  cause: undefined,
  message: undefined,
  seen: 0,
  matched: 0,
  captured: 0,
  incomplete: 0,
  skipped: {
    context: 0,
    condition: 0,
    conditionError: 0,
    rateLimitProbe: 0,
    rateLimitProcess: 0,
    reentrant: 0,
    paused: 0,
    noSpan: 0,
    noRequest: 0,
    tooManyOpen: 0,
  },
  dropped: {
    queueFull: 0,
    rateLimitBytesProbe: 0,
    rateLimitBytes: 0,
    lifetimeLimit: 0,
    payloadTooLarge: 0,
    encodeError: 0,
    disconnected: 0,
    logFailed: 0,
  },
});

/** The account as it travels: a copy, without what is zero. */
export const report = (id: string, account: Account): ProbeReport => ({
  id,
  state: account.state,
  ...(account.cause !== undefined && { cause: account.cause }),
  ...(account.message !== undefined && { message: account.message }),
  seen: account.seen,
  matched: account.matched,
  captured: account.captured,
  skipped: withoutZeros(account.skipped),
  dropped: withoutZeros(account.dropped),
  incomplete: account.incomplete,
});

const withoutZeros = <Reason extends string>(
  counts: Record<Reason, number>,
): Partial<Record<Reason, number>> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)) as Partial<
    Record<Reason, number>
  >;
