/**
 * `@dormouse/runtime/context`: which user, tenant or request a hit belongs to. Probes can then wait for one of them.
 * Nothing of it costs anything while no such probe is armed, or where no agent runs.
 */
export { setContext, withContext } from './request.js';
export type { GivenAttributes } from './attributes.js';
