import type {
  DisarmCause,
  DropReason,
  MetricFailure,
  PauseCause,
  ProbeView,
  SkipReason,
} from '@dormouse/protocol';

/** The protocol's names as a person says them. A name that this version does not know stays as it is. */

export const SKIPPED: Readonly<Record<SkipReason, string>> = {
  context: 'of another request',
  condition: 'the condition did not hold',
  conditionError: 'the condition failed',
  rateLimitProbe: 'over the probe’s rate limit',
  rateLimitProcess: 'over the process’s rate limit',
  reentrant: 'hit while capturing',
  paused: 'it rested, or all probes of the process',
  noSpan: 'no span was active',
  noRequest: 'of no known request',
  tooManyOpen: 'too many under way',
};

export const DROPPED: Readonly<Record<DropReason, string>> = {
  queueFull: 'the queue was full',
  rateLimitBytesProbe: 'over half of the process’s bytes per second',
  rateLimitBytes: 'over the process’s bytes per second',
  lifetimeLimit: 'the process has sent all that it may in its life',
  payloadTooLarge: 'too large to send',
  encodeError: 'could not be encoded',
  disconnected: 'the collector was away',
  logFailed: 'the process’s own logger failed',
};

export const RESTING: Readonly<Record<PauseCause, string>> = {
  probeCpuBudget: 'it took more than half of the time that all probes may take',
  cpuBudget: 'the probes took more than their share of its time',
  eventLoopDelay: 'its event loop is late',
};

export const ENDED: Readonly<Record<DisarmCause | NonNullable<ProbeView['endCause']>, string>> = {
  removed: 'removed',
  expired: 'expired',
  hitLimit: 'hit limit reached',
  verdict: 'decided',
  budget: 'its canary had trouble',
  error: 'failed',
  killSwitch: 'switched off',
  collectorLost: 'the collector was away for too long',
  unknownFile: 'the file is not in the build',
  denied: 'the process does not allow it to be probed',
  lifetimeLimit: 'the process has sent all that it may in its life',
  contractMismatch: 'woven for another version of the runtime',
  invalid: 'the probe is invalid',
};

export const NOT_COUNTED: Readonly<Record<MetricFailure, string>> = {
  notANumber: 'not a number',
  notFinite: 'not a finite number',
  notAKey: 'a key that is no text, number or boolean',
  error: 'could not be read',
  unfinished: 'the second line did not follow',
};

export function inWords(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}
