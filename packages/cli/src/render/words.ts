import type {
  DisarmCause,
  DropReason,
  MetricFailure,
  PauseCause,
  ProbeView,
  SkipReason,
} from '@dormouse/protocol';

/** The protocol's names as a person says them; JSON has the names. */

export const SKIP_WORDS: Readonly<Record<SkipReason, string>> = {
  context: 'of another request',
  condition: 'the condition did not hold',
  conditionError: 'the condition failed',
  rateLimitProbe: "over the probe's rate limit",
  rateLimitProcess: "over the process's rate limit",
  reentrant: 'hit while capturing',
  paused: 'it rested, or all probes of the process',
  noSpan: 'no span was active',
  noRequest: 'of no known request',
  tooManyOpen: 'too many under way',
};

export const DROP_WORDS: Readonly<Record<DropReason, string>> = {
  queueFull: 'the queue was full',
  rateLimitBytesProbe: 'over half of the bytes per second of the process',
  rateLimitBytes: 'over the bytes per second of the process',
  lifetimeLimit: 'the process has sent all that it may in its life',
  payloadTooLarge: 'too large to send',
  encodeError: 'could not be encoded',
  disconnected: 'the collector was away',
  logFailed: "the process's logger failed, or its stdout took no more",
};

export const PAUSE_WORDS: Readonly<Record<PauseCause, string>> = {
  probeCpuBudget: 'it took more than half of the time that all probes may take',
  cpuBudget: 'they took more than their share of its time',
  eventLoopDelay: 'its event loop is late',
};

export const METRIC_FAILURE_WORDS: Readonly<Record<MetricFailure, string>> = {
  notANumber: 'not a number',
  notFinite: 'not a finite number',
  notAKey: 'a key that is no text, number or boolean',
  error: 'could not be read',
  unfinished: 'the second line did not follow',
};

export const CAUSE_WORDS: Readonly<Record<DisarmCause | NonNullable<ProbeView['endCause']>, string>> = {
  removed: 'removed',
  expired: 'expired',
  hitLimit: 'hit limit reached',
  verdict: 'decided',
  error: 'failed',
  budget: 'it took too much of its canary',
  killSwitch: 'switched off',
  collectorLost: 'the collector was away for too long',
  unknownFile: 'the file is not in the build',
  denied: 'the process does not allow it to be probed',
  lifetimeLimit: 'the process has sent all that it may in its life',
  contractMismatch: 'woven for another version of the runtime',
  invalid: 'the probe is invalid',
};

/** A name that this version does not know yet stays as it is. */
export function inWords(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}
