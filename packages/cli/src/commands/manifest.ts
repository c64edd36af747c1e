import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { defineCommand } from '../command/command.js';
import { OperationFailed, UsageError } from '../failure.js';
import { count, escapeUnsafe } from '../render/text.js';

export const command = defineCommand({
  positionals: [
    { name: 'merge', values: ['merge'], summary: 'what to do with them; there is nothing else yet' },
    { name: 'FILE…', summary: 'manifests of builds that run in one process', many: true },
  ],
  options: { out: { type: 'string', short: 'o', value: 'FILE', summary: 'Where the merged one is written' } },
  offline: true,
  notes: `Examples
  dormouse manifest merge packages/*/dist/dormouse.manifest.json -o dormouse.manifest.json
  DORMOUSE_MANIFEST=dormouse.manifest.json node --import @dormouse/runtime/register packages/api/dist/main.js

A process has one build and so one manifest: the one named in DORMOUSE_MANIFEST, else the nearest to its main script.
Files that several manifests describe are described once; paths become relative to the directory that the builds have
in common. Manifests of another version are refused. "dormouse tsc -b" writes one for a whole workspace by itself.`,
  async run({ positionals: [action, ...files], values: { out }, answer }) {
    if (action !== 'merge') throw new UsageError(`There is no "manifest ${action}".`, ['manifest merge']);
    if (out === undefined) throw new UsageError('--out is missing: where the merged manifest is written.');
    const { mergeManifestFiles, TransformerError } = await import('@dormouse/transformer');
    try {
      const merged = mergeManifestFiles(files);
      const path = resolve(out);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${JSON.stringify(merged)}\n`);
      const { buildId } = merged;
      answer(
        { buildId, path, files: merged.files.length },
        () =>
          `merged ${count(files.length, 'manifest')}: ${count(merged.files.length, 'file')}, build ${buildId}, in ${escapeUnsafe(out)}`,
      );
    } catch (error) {
      throw error instanceof TransformerError ? new OperationFailed(error.code, error.message) : error;
    }
  },
});
