import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Client } from '../client/client.js';
import { onlyService, SERVICE_OPTION } from '../ask/service.js';
import { defineCommand } from '../command/command.js';
import { CollectorError } from '../failure.js';
import { count, escapeUnsafe } from '../render/text.js';

/** What became of a source: `missing` has no text here, `changed` has another one than was woven. */
type Outcome = 'published' | 'known' | 'missing' | 'changed';

export const command = defineCommand({
  positionals: [
    { name: 'FOLDER', summary: "the project's root, default the current directory", optional: true },
  ],
  options: { service: SERVICE_OPTION },
  notes: `Without this the collector has no source code, and the console shows outlines. Whoever may look at the service's builds
can read what is published. Each text has to be the very one that was woven: publish from the commit that was built.

Examples
  dormouse sources
  dormouse sources packages/api --service api`,
  async run({ client, answer, values, positionals: [folder = '.'] }) {
    const service = await onlyService(client, values.service);
    const { buildId, files } = await client.files(service);
    const outcomes: Record<Outcome, string[]> = { published: [], known: [], missing: [], changed: [] };
    for (const { file, published } of files) {
      const outcome = published
        ? 'known'
        : await publish(client, { service, file, buildId }, resolve(folder, file));
      outcomes[outcome].push(file);
    }
    answer({ service, buildId, ...outcomes }, () =>
      [
        `published ${count(outcomes.published.length, 'source')} of build ${buildId} of ${escapeUnsafe(service)}`,
        ...told(outcomes.known, 'published before'),
        ...told(outcomes.missing, 'not found here'),
        ...told(outcomes.changed, 'not as woven'),
      ].join('\n'),
    );
  },
});

async function publish(
  client: Client,
  where: { readonly service: string; readonly file: string; readonly buildId: string },
  path: string,
): Promise<Outcome> {
  const text = read(path);
  if (text === undefined) return 'missing';
  try {
    await client.publishSource(where, text);
    return 'published';
  } catch (error) {
    if (error instanceof CollectorError && error.has('INVALID_REQUEST')) return 'changed';
    throw error;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const told = (files: readonly string[], what: string): string[] =>
  files.length === 0 ? [] : [`${what}: ${files.map(escapeUnsafe).join(', ')}`];
