import { z } from 'zod';
import { candidateBuilds } from '../builds/candidates.js';
import { findFile } from '../builds/find-file.js';
import { namedBuild } from '../builds/named-build.js';
import type { Core } from '../core.js';
import { longName, name } from '../schemas/text.js';
import { requireService } from '../services/services.js';

/** Which source is meant. */
export const sourceQuery = z.strictObject({
  service: name,
  file: longName.meta({ description: 'Original source, or any unambiguous end of its path.' }),
  buildId: name.meta({ description: 'Without it: of the build that runs now.' }).exactOptional(),
});

interface FoundSource {
  readonly buildId: string;
  readonly file: string;
  /** SHA-256, hexadecimal; empty where the weaver did not have the text. */
  readonly hash: string;
}

/** @throws {CollectorError} UNKNOWN_SERVICE, UNKNOWN_BUILD, UNKNOWN_FILE, AMBIGUOUS_FILE */
export async function findSource(
  core: Core,
  { service, file: wanted, buildId }: z.output<typeof sourceQuery>,
): Promise<FoundSource> {
  await requireService(core.storage, service);
  const build =
    buildId === undefined
      ? (await candidateBuilds(core, service))[0]
      : await namedBuild(core, service, buildId);
  const file = findFile(build, wanted);
  return { buildId: build.buildId, file, hash: build.hash(file) ?? '' };
}
