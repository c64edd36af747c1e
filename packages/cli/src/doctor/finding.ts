/** What is looked at, in the order of a probe's life. */
export type Check =
  | 'project'
  | 'weaving'
  | 'versions'
  | 'start'
  | 'collector'
  | 'token'
  | 'service'
  | 'processes'
  | 'build'
  | 'policy'
  | 'place'
  | 'probe'
  | 'process'
  | 'clocks';

/** `note`: it may be meant so, or matter later. */
export type Verdict = 'good' | 'note' | 'bad';

export interface Finding {
  readonly check: Check;
  readonly verdict: Verdict;
  /** Of what is not good: stays the same, for scripts. */
  readonly code?: string;
  readonly evidence: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export const good = (check: Check, evidence: string): Finding => ({ check, verdict: 'good', evidence });

export const note = (check: Check, code: string, evidence: string, remedy?: string): Finding => ({
  check,
  verdict: 'note',
  code,
  evidence,
  ...(remedy !== undefined && { remedy }),
});

export const bad = (check: Check, code: string, evidence: string, remedy: string): Finding => ({
  check,
  verdict: 'bad',
  code,
  evidence,
  remedy,
});
