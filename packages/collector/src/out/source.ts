import type { Core } from '../core.js';

/** The parts of an environment that what is sent on comes from. */
export type Source = Pick<Core, 'storage' | 'probes' | 'news' | 'meters' | 'log'>;
