import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WeaveOptions } from '@dormouse/transformer';

/**
 * A module's map whose only source is the module's own file, by its absolute path. Loaders name that source in their
 * own ways (`webpack://app/./src/a.ts`, `../src/a.ts`, the whole chain of loaders); a source that is another file which exists
 * stays.
 */
export function oneSource(map: WeaveOptions['map'], path: string): WeaveOptions['map'] {
  if (map == null || map === '') return undefined;
  const parsed = (typeof map === 'string' ? JSON.parse(map) : map) as RawMap;
  const [source, ...others] = parsed.sources ?? [];
  if (others.length > 0 || source == null) return map;
  const found = locate(source, resolve(dirname(path), parsed.sourceRoot ?? ''));
  const { sourceRoot: _, ...rest } = parsed;
  return { ...rest, sources: [existsSync(found) ? found : path] } as WeaveOptions['map'];
}

interface RawMap {
  readonly sources?: readonly (string | null)[];
  readonly sourceRoot?: string;
}

function locate(source: string, directory: string): string {
  return source.startsWith('file:') ? fileURLToPath(source) : resolve(directory, source);
}
