import type { Caller } from '../auth/caller.js';
import type { StoredElevation } from '../storage/contract/directory/elevations.js';

/** Whether an elevation is the caller's own, or in an environment whose access the caller may see or change. */
export const concerns = (
  caller: Caller,
  { subject, environment }: StoredElevation,
  permission: 'access:read' | 'access:write',
): boolean =>
  (subject.kind === caller.kind && subject.id === caller.id) || caller.mayIn(environment, permission);
