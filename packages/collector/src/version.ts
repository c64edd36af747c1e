import { createRequire } from 'node:module';

const manifest = createRequire(import.meta.url)('../package.json') as { version: string };

/** The collector's version. */
export const VERSION = manifest.version;
