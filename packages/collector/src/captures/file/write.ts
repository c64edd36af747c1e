import {
  CAPTURE_FILE_FORMAT,
  CAPTURE_FILE_LIMITS,
  CAPTURE_FILE_VERSION,
  type CaptureFileLine,
  type CaptureView,
  type ExportedBuild,
  type ProbeView,
} from '@dormouse/protocol';
import type { Core } from '../../core.js';
import { VERSION } from '../../version.js';
import { searchCaptures, type CaptureQuery, type SearchableStore } from '../search.js';

/** Captures held at once. */
const PAGE = 100;

/**
 * Captures as a file, line by line, oldest first: as many as a file may have. Whoever reads slowly costs nothing: the next are read
 * when they are asked for.
 * @param imported where they come from, if from an import: its probes and builds go with them
 */
export async function* captureFile(
  core: Core,
  store: SearchableStore,
  query: CaptureQuery,
  imported?: string,
): AsyncGenerator<string> {
  yield write({
    format: CAPTURE_FILE_FORMAT,
    version: CAPTURE_FILE_VERSION,
    exportedAt: Date.now(),
    collector: VERSION,
  });
  const sources = await (imported === undefined ? liveSources(core) : importedSources(core, imported));
  const linesBefore = once(sources);
  let captures = 0;
  let after: number | undefined;
  do {
    const most = Math.min(PAGE, CAPTURE_FILE_LIMITS.captures - captures);
    const page = await searchCaptures(store, query, { order: 'oldest', after, most });
    for (const capture of page.captures) {
      for (const line of await linesBefore(capture)) yield write(line);
      yield write({ capture });
    }
    captures += page.captures.length;
    after = page.next === undefined ? undefined : Number(page.next);
  } while (after !== undefined && captures < CAPTURE_FILE_LIMITS.captures);
  yield write({ end: { captures } });
}

const write = (line: CaptureFileLine): string => `${JSON.stringify(line)}\n`;

/** The line of each probe and each build, once, before the first capture that is of it. */
function once(sources: Sources): (capture: CaptureView) => Promise<CaptureFileLine[]> {
  const told = new Set<string>();
  const isNew = (name: string): boolean => !told.has(name) && Boolean(told.add(name));
  return async ({ probe: id, service, buildId }) => {
    const lines: CaptureFileLine[] = [];
    if (buildId !== undefined && isNew(`build ${service} ${buildId}`)) {
      lines.push({ build: sources.build(service, buildId) ?? { service, buildId } });
    }
    const probe = isNew(`probe ${id}`) ? await sources.probe(id) : undefined;
    if (probe !== undefined) lines.push({ probe });
    return lines;
  };
}

/** What captures are of; nothing where it was deleted. */
interface Sources {
  build(service: string, buildId: string): ExportedBuild | undefined;
  probe(id: string): Promise<ProbeView | undefined>;
}

async function liveSources({ builds, probes, storage }: Core): Promise<Sources> {
  const known = await builds.views();
  return {
    build: (service, id) => known.find((build) => build.service === service && build.buildId === id),
    async probe(id) {
      const probe = await storage.probes.find(id);
      return probe && (await probes.views([probe]))[0];
    },
  };
}

async function importedSources({ storage }: Core, id: string): Promise<Sources> {
  const { builds = [], probes = [] } = (await storage.imports.find(id)) ?? {};
  return {
    build: (service, buildId) =>
      builds.find((build) => build.service === service && build.buildId === buildId),
    probe: async (probe) => probes.find((candidate) => candidate.id === probe),
  };
}
