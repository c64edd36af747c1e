import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { SERVICE_OPTION } from '../ask/service.js';
import { actionNamed, actionPositional } from '../command/action.js';
import { defineCommand, type Invocation, type Options } from '../command/command.js';
import { OperationFailed, UsageError } from '../failure.js';
import { count, escapeUnsafe } from '../render/text.js';

const OPTIONS = {
  out: { type: 'string', short: 'o', value: 'FILE', summary: 'merge: where the merged one is written' },
  service: { ...SERVICE_OPTION, summary: 'upload: the service that will run it, default DORMOUSE_SERVICE' },
} as const satisfies Options;

interface Asked {
  readonly invocation: Invocation<typeof OPTIONS>;
  readonly files: readonly string[];
}

const ACTIONS: Readonly<Record<string, (asked: Asked) => Promise<void>>> = { merge, upload };

export const command = defineCommand({
  positionals: [
    { ...actionPositional(ACTIONS, 'none'), summary: 'merge or upload' },
    { name: 'FILE…', summary: 'merge: manifests of builds that run in one process; upload: one', many: true },
  ],
  options: OPTIONS,
  notes: `Examples
  dormouse manifest merge packages/*/dist/dormouse.manifest.json -o dormouse.manifest.json
  DORMOUSE_MANIFEST=dormouse.manifest.json node --import @dormouse/runtime/register packages/api/dist/main.js
  dormouse manifest upload dist/dormouse.manifest.json --service api

A process has one build and so one manifest: the one named in DORMOUSE_MANIFEST, else the nearest to its main script.
Files that several manifests describe are described once; paths become relative to the directory that the builds have
in common. Manifests of another version are refused. "dormouse tsc -b" writes one for a whole workspace by itself.
Processes send theirs. One is uploaded so that probes can be placed before a process runs the build, or because it is too
large for a process to send.`,
  async run(invocation) {
    const [action = '', ...files] = invocation.positionals;
    await actionNamed(ACTIONS, action)({ invocation, files });
  },
});

async function merge({ invocation, files }: Asked): Promise<void> {
  const { out } = invocation.values;
  if (out === undefined) throw new UsageError('--out is missing: where the merged manifest is written.');
  const { mergeManifestFiles, TransformerError } = await import('@dormouse/transformer');
  try {
    const merged = mergeManifestFiles(files);
    const path = resolve(out);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(merged)}\n`);
    const { buildId } = merged;
    invocation.answer(
      { buildId, path, files: merged.files.length },
      () =>
        `merged ${count(files.length, 'manifest')}: ${count(merged.files.length, 'file')}, build ${buildId}, in ${escapeUnsafe(out)}`,
    );
  } catch (error) {
    throw error instanceof TransformerError ? new OperationFailed(error.code, error.message) : error;
  }
}

async function upload({ invocation, files: [file = '', ...others] }: Asked): Promise<void> {
  if (others.length > 0)
    throw new UsageError('One manifest is uploaded at a time; "merge" makes one of several.');
  const { service = process.env['DORMOUSE_SERVICE'] } = invocation.values;
  if (service === undefined) throw new UsageError('--service is missing: which service will run the build.');
  const { buildId, files } = await invocation.client.uploadManifest(service, readManifest(file));
  invocation.answer(
    { service, buildId, files: files.length },
    () =>
      `build ${escapeUnsafe(buildId)} of ${escapeUnsafe(service)} is known, with ${count(files.length, 'file')}`,
  );
}

/** As it is in its file; the collector says what is wrong with it. @throws {UsageError} where it is no JSON at all */
function readManifest(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    throw new UsageError(`${escapeUnsafe(file)} is no manifest: ${escapeUnsafe((error as Error).message)}`);
  }
}
