import type { PointView } from '@dormouse/protocol';
import { z } from 'zod';
import { variablesAt, type BuildIndex, type IndexedPoint } from '../builds/build-index.js';
import { candidateBuilds } from '../builds/candidates.js';
import { namedBuild } from '../builds/named-build.js';
import { findFile } from '../builds/find-file.js';
import { findPoints } from '../builds/find-point.js';
import { longName, name } from '../schemas/text.js';
import { pointView } from '../schemas/views.js';
import { requireService } from '../services/services.js';
import { defineOperation } from './operation.js';

export const listPoints = defineOperation({
  name: 'listPoints',
  summary: 'List the points of a file or line',
  description:
    'Where probes can stand, with the variables in scope there: in the build named, or else in the newest ' +
    'build of the service that has the file.',
  tag: 'services',
  method: 'GET',
  path: '/points',
  permission: 'services:read',
  query: z.strictObject({
    service: name,
    file: longName.meta({ description: 'Original source, or any unambiguous end of its path.' }),
    line: z.coerce
      .number()
      .int()
      .min(1)
      .meta({ description: 'From 1; without it, all points of the file.' })
      .exactOptional(),
    buildId: name.exactOptional(),
  }),
  output: z.object({ points: z.array(pointView) }),
  outputDescription: 'The points by line and column; at least one when a line was given.',
  errors: ['UNKNOWN_SERVICE', 'UNKNOWN_BUILD', 'UNKNOWN_FILE', 'AMBIGUOUS_FILE', 'NO_CODE_AT_LINE'],
  async run(core, { query }) {
    const { service, file, line, buildId } = query;
    await requireService(core.storage, service);
    const builds =
      buildId === undefined
        ? await candidateBuilds(core, service)
        : [await namedBuild(core, service, buildId)];
    const build = builds.find((candidate) => hasFile(candidate, file)) ?? builds[0]!;
    const path = findFile(build, file);
    const points = line === undefined ? build.points(path) : findPoints(build, path, line);
    return { points: points.map((point) => viewPoint(build, path, point)) };
  },
});

function hasFile(build: BuildIndex, file: string): boolean {
  try {
    findFile(build, file);
    return true;
  } catch {
    return false;
  }
}

function viewPoint(build: BuildIndex, path: string, at: IndexedPoint): PointView {
  return {
    buildId: build.buildId,
    file: path,
    line: at.point.line,
    column: at.point.column,
    function: at.fn.name,
    kind: at.fn.kind,
    form: at.fn.form,
    variables: variablesAt(at),
  };
}
