import { matcher } from '@dormouse/transformer';
import type { PathPattern, Settings } from './options.js';
import { pathOfModule, relativeTo } from './paths.js';

/** A query that asks for another view of a file, its text or its URL, which is no module of the program. */
const VIEW = /[?&](?:raw|url|inline|sharedworker|worker|type=style|type=template)(?:[&=]|$)/;

/** Whether the options ask for a module to be woven. */
export function isSelected(id: string, settings: Settings): boolean {
  const path = pathOfModule(id);
  if (path === undefined || VIEW.test(id)) return false;
  const normal = path.replaceAll('\\', '/');
  if (!settings.nodeModules && normal.includes('/node_modules/')) return false;
  const local = relativeTo(settings.root, path);
  const matches = (pattern: PathPattern): boolean => isMatch(pattern, normal, local);
  return settings.include.some(matches) && !settings.exclude.some(matches);
}

function isMatch(pattern: PathPattern, path: string, local: string): boolean {
  if (typeof pattern === 'string') return matcher([pattern])(local);
  pattern.lastIndex = 0;
  return pattern.test(path);
}
