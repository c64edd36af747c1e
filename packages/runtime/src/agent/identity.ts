import os from 'node:os';
import path from 'node:path';
import { isMainThread, threadId } from 'node:worker_threads';
import type { AgentIdentity } from '@dormouse/protocol';
import type { Config } from '../config/config.js';
import type { Build } from '../config/manifest.js';
import { readPackageName } from '../config/package-json.js';
import { VERSION } from '../version.js';
import { process } from '../process.js';

/**
 * Who this process is. Each worker thread is an agent of its own, with its number in the tag `thread`.
 * @param directory where the program's main script lies
 */
export function identify(config: Config, build: Build | undefined, directory: string): AgentIdentity {
  const program = readPackageName(directory);
  const version = config.version ?? program.version;
  return {
    instance: process.getBuiltinModule('node:crypto').randomBytes(8).toString('hex'),
    service: config.service ?? program.name ?? path.basename(process.argv[1] ?? 'node'),
    ...(version !== undefined && { version }),
    ...(build !== undefined && { buildId: build.buildId }),
    ...(build?.commit !== undefined && { commit: build.commit }),
    host: os.hostname(),
    pid: process.pid,
    node: process.versions.node,
    runtime: VERSION,
    tags: isMainThread ? config.tags : { ...config.tags, thread: String(threadId) },
  };
}
