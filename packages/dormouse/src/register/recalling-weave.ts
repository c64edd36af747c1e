import process from 'node:process';
import { type WeaveCache, openWeaveCache, weave, weaveCacheDirectory } from '@dormouse/transformer';

/** When a program has been loaded for sure, ms. */
const PRUNE_AFTER_MS = 10_000;

/**
 * Weaves, or recalls from disk what it wove the last time the program was started. `DORMOUSE_NO_CACHE=1` remembers
 * nothing.
 */
export function recallingWeave(root: string): WeaveCache['weave'] {
  if (/^(?:1|true|yes|on)$/i.test(process.env['DORMOUSE_NO_CACHE'] ?? '')) return weave;
  const cache = openWeaveCache(weaveCacheDirectory(root));
  setTimeout(() => cache.prune(), PRUNE_AFTER_MS).unref();
  return (code, options) => cache.weave(code, options);
}
