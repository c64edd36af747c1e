import { DEFAULT_PROCESS_LIMITS, type ProcessLimits } from '@dormouse/protocol';
import { min } from '../intrinsics.js';

export const LIMIT_NAMES = Object.keys(DEFAULT_PROCESS_LIMITS) as readonly (keyof ProcessLimits)[];

/** Of each limit the lower one. */
export const lowest = (own: ProcessLimits, wanted: Partial<ProcessLimits>): ProcessLimits =>
  Object.fromEntries(
    LIMIT_NAMES.map((name) => [name, min(own[name], wanted[name] ?? own[name])]),
  ) as unknown as ProcessLimits;
