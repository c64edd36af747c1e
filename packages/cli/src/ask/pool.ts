import type { PolicyPool } from '@dormouse/protocol';

import type { Options, Values } from '../command/command.js';
import { parsePairs } from './pairs.js';

/** Which processes, by what they say of themselves. */
export const POOL_OPTIONS = {
  build: { type: 'string', value: 'ID', summary: 'Only in processes of this build' },
  release: { type: 'string', value: 'VERSION', summary: 'Only in processes of this version' },
  tag: { type: 'string', value: 'NAME=VALUE', multiple: true, summary: 'Only in processes with this tag' },
} as const satisfies Options;

/** The pool that {@link POOL_OPTIONS} name, if they name any. */
export function poolOf({ build, release, tag }: Values<typeof POOL_OPTIONS>): PolicyPool | undefined {
  if (build === undefined && release === undefined && tag === undefined) return undefined;
  return {
    ...(build !== undefined && { buildId: build }),
    ...(release !== undefined && { version: release }),
    ...(tag !== undefined && { tags: parsePairs('--tag', tag) }),
  };
}
