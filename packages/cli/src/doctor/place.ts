import type { AgentView, ProbeLocation } from '@dormouse/protocol';

import type { Client } from '../client/client.js';
import { CollectorError } from '../failure.js';
import { count } from '../render/text.js';
import { bad, good, type Finding } from './finding.js';

/** Whether a probe can stand there, in each build that runs. */
export async function* examinePlace(
  client: Client,
  service: string,
  connected: readonly AgentView[],
  location: ProbeLocation,
): AsyncGenerator<Finding> {
  const builds = new Set(connected.flatMap(({ buildId }) => buildId ?? []));
  // Without a process the newest build has to do.
  for (const buildId of builds.size === 0 ? [undefined] : builds)
    yield await examineIn(client, service, buildId, location);
}

async function examineIn(
  client: Client,
  service: string,
  buildId: string | undefined,
  { file, line, function: name }: ProbeLocation,
): Promise<Finding> {
  const build = buildId === undefined ? 'the newest build' : `build ${buildId.slice(0, 12)}`;
  try {
    const all = await client.points({ service, file, line, buildId });
    const points = name === undefined ? all : all.filter((point) => point.function === name);
    const [first] = points;
    if (first === undefined)
      return noSuchFunction(build, file, name ?? '', [...new Set(all.map((p) => p.function))]);
    const variables = first.variables.length === 0 ? 'no variables' : first.variables.join(', ');
    return line === undefined
      ? good('place', `${first.file} has ${count(points.length, 'point')} in ${build}`)
      : good(
          'place',
          `${first.file}:${first.line}:${first.column} is in ${first.function}, with ${variables}, in ${build}`,
        );
  } catch (error) {
    if (!(error instanceof CollectorError)) throw error;
    return (
      (error.has('UNKNOWN_FILE') ? await leftUnwoven(client, buildId, file) : undefined) ??
      refused(build, error)
    );
  }
}

/** The collector says what is near. */
function refused(build: string, { error, message }: CollectorError): Finding {
  const { suggestions = [] } = error;
  const remedy =
    suggestions.length === 0
      ? '"dormouse points FILE" lists where probes can stand.'
      : `Near it: ${suggestions.join(', ')}`;
  return bad('place', error.code.toLowerCase().replaceAll('_', '-'), `in ${build}: ${message}`, remedy);
}

function noSuchFunction(build: string, file: string, name: string, names: readonly string[]): Finding {
  const evidence = `${file} has no function ${name} with a point in ${build}`;
  return bad('place', 'unknown-function', evidence, `It has ${names.join(', ') || 'none'}.`);
}

/** What became of a file that the build has, but not woven. */
async function leftUnwoven(
  client: Client,
  buildId: string | undefined,
  file: string,
): Promise<Finding | undefined> {
  if (buildId === undefined) return undefined;
  const { skipped } = await client.build(buildId);
  const found = skipped.find(({ path }) => path === file || path.endsWith(`/${file}`));
  if (found === undefined) return undefined;
  return bad(
    'place',
    'left-unwoven',
    `${found.path} was left as it is: ${found.reason}`,
    'Change what keeps it from being woven, build and deploy it again.',
  );
}
