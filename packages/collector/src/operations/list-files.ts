import type { FileView } from '@dormouse/protocol';
import { z } from 'zod';
import type { BuildIndex } from '../builds/build-index.js';
import { candidateBuilds } from '../builds/candidates.js';
import { namedBuild } from '../builds/named-build.js';
import { name } from '../schemas/text.js';
import { fileView } from '../schemas/views.js';
import { requireService } from '../services/services.js';
import { defineOperation } from './operation.js';

export const listFiles = defineOperation({
  name: 'listFiles',
  summary: 'List the files of a service',
  description: 'The original sources of the build named, or else of the build that runs now.',
  tag: 'services',
  method: 'GET',
  path: '/files',
  permission: 'services:read',
  query: z.strictObject({ service: name, buildId: name.exactOptional() }),
  output: z.object({ buildId: name, files: z.array(fileView) }),
  outputDescription: 'The files by path.',
  errors: ['UNKNOWN_SERVICE', 'UNKNOWN_BUILD'],
  async run(core, { query: { service, buildId } }) {
    await requireService(core.storage, service);
    const build =
      buildId === undefined
        ? (await candidateBuilds(core, service))[0]
        : await namedBuild(core, service, buildId);
    const paths = build.paths.toSorted();
    const hashes = new Set(paths.map((path) => build.hash(path) ?? ''));
    const published = await core.storage.sources.known([...hashes]);
    return {
      buildId: build.buildId,
      files: paths.map((path) => viewFile(build, path, published)),
    };
  },
});

function viewFile(build: BuildIndex, path: string, published: ReadonlySet<string>): FileView {
  const hash = build.hash(path) ?? '';
  return {
    file: path,
    functions: build.functions(path).length,
    points: build.points(path).length,
    published: published.has(hash),
    ...(hash !== '' && { hash }),
  };
}
