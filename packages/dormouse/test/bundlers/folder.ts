import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { MANIFEST_FILE, type Manifest } from '@dormouse/protocol';
import { onTestFinished } from 'vitest';

/** A directory of small files, gone when the test is over. */
export interface Folder {
  readonly path: string;
  manifest(directory?: string): Manifest;
  /** Runs a script with Node; returns what it prints. */
  run(script: string): Promise<string>;
}

export function folder(files: Readonly<Record<string, string>>): Folder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'dormouse-bundle-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return {
    path,
    manifest: (directory = 'dist') =>
      JSON.parse(readFileSync(join(path, directory, MANIFEST_FILE), 'utf8')) as Manifest,
    async run(script) {
      const { stdout } = await promisify(execFile)(process.execPath, [join(path, script)]);
      return stdout;
    },
  };
}
