import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CONTRACT_VERSION, MANIFEST_FILE, MANIFEST_VERSION, type Manifest } from '@dormouse/protocol';
import { TOKEN } from './collector.ts';
import { afterAll } from 'vitest';
import { weaveSource, type WovenPoints } from './woven.ts';

/** Programs in processes of their own, on every Node at hand. */

/** What `--import` names. */
export const REGISTER = pathToFileURL(fileURLToPath(new URL('../../dist/register.js', import.meta.url))).href;

export interface NodeBinary {
  readonly version: string;
  readonly path: string;
}

/** The Node that runs the tests and the machine's own; or only the one that `npm run test:nodes` is about. */
export const nodes: readonly NodeBinary[] = (() => {
  const host = process.env['DORMOUSE_HOST_NODE'];
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, 'node'));
  const byVersion = new Map<string, string>();
  for (const binary of host === undefined ? [process.execPath, ...onPath] : [host]) {
    if (!existsSync(binary)) continue;
    const version = execFileSync(binary, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
    if (!byVersion.has(version)) byVersion.set(version, binary);
  }
  return [...byVersion].map(([version, binary]) => ({ version, path: binary }));
})();

export interface Program {
  /** To place probes with. */
  readonly woven: WovenPoints;
  readonly script: string;
}

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

/** Puts a woven program into a directory of its own, with manifest and package.json. */
export function writeProgram(source: string, name = 'main.mjs'): Program {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'dormouse-program-'));
  directories.push(directory);
  const script = path.join(directory, name);
  const { code, map, points } = weaveSource(source, name);
  const manifest: Manifest = {
    manifest: MANIFEST_VERSION,
    contract: CONTRACT_VERSION,
    weaver: 'test',
    buildId: points.file.id.repeat(2),
    files: [points.file],
    skipped: [],
  };
  // As if it had been compiled from a source elsewhere, so that mapped positions can be told from emitted ones.
  writeFileSync(script, `${code}\n//# sourceMappingURL=${name}.map\n`);
  writeFileSync(`${script}.map`, JSON.stringify({ ...map, sources: [`src/${name}`] }));
  writeFileSync(path.join(directory, MANIFEST_FILE), JSON.stringify(manifest));
  writeFileSync(path.join(directory, 'package.json'), JSON.stringify({ name: 'program', version: '4.5.6' }));
  return { woven: points, script };
}

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly outcome: Promise<Outcome>;
  kill(): void;
}

export interface RunOptions {
  readonly node: NodeBinary;
  /** Without one the program runs without the runtime. */
  readonly url?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

/** What an ordinary compiler run leaves behind: the program as it was, beside the manifest of a woven build. */
export function writeUnwovenProgram(source: string): Program {
  const program = writeProgram(source);
  writeFileSync(program.script, source);
  return program;
}

export function run({ script }: Program, { node, url, env, flags = [] }: RunOptions): Running {
  const importing = url === undefined ? [] : ['--import', REGISTER];
  const child = spawn(node.path, [...flags, ...importing, script], {
    env: { ...(url !== undefined && { DORMOUSE_URL: url, DORMOUSE_TOKEN: TOKEN }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return {
    outcome: new Promise((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    }),
    kill: () => child.kill('SIGKILL'),
  };
}
