import { SWITCH_PREFIX } from '@dormouse/protocol';
import { TraceMap, eachMapping } from '@jridgewell/trace-mapping';
import type { Shop } from './shop.ts';

interface Wanted {
  readonly path: string;
  /** A piece of the original line that begins before the token. */
  readonly line: string;
  readonly token: string;
  /** Whether only the line can be expected to be right. */
  readonly byLine: boolean;
}

/**
 * The original names that a bundle's map gives to everything which it maps to a token of a source: where the map has no name,
 * what stands in the bundle.
 */
export function mappedTokens(shop: Shop, bundle: string, { path, line, token, byLine }: Wanted): string[] {
  const map = new TraceMap(shop.read(`${bundle}.map`));
  const lines = shop.read(bundle).split('\n');
  const originalLine = shop.lineOf(path, line);
  const text = shop.read(path).split('\n')[originalLine - 1] as string;
  const column = text.indexOf(token, text.indexOf(line));
  const found: string[] = [];
  eachMapping(map, (mapping) => {
    if (mapping.source?.endsWith(path) !== true || mapping.originalLine !== originalLine) return;
    if (!byLine && mapping.originalColumn !== column) return;
    const rest = lines[mapping.generatedLine - 1]?.slice(mapping.generatedColumn) ?? '';
    const name = mapping.name ?? /^[\w$#]+/.exec(rest)?.[0];
    // Some hosts map a blank or a bracket to the token before it, and one what is woven in front of a token to that.
    if (name !== undefined && !name.startsWith(SWITCH_PREFIX)) found.push(name);
  });
  return found;
}
