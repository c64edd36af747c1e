/**
 * Packs every package as npm would publish it, installs the tarballs into an empty project, and imports
 * every entry point there: the weaver and the runtime on the machine's own Node as well. The runtime, whose bundle has in
 * it what it needs, is installed alone, too. publint and are-the-types-wrong look at the same tarballs.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packAll, type Packed, type PackageJson } from './lib/pack.ts';
import { HOST_NODE, tool } from './lib/paths.ts';
import { read } from './lib/run.ts';

/** The runtime and what it depends on. */
const RUNTIME = ['@dormouse/runtime', '@dormouse/protocol'];

const folder = mkdtempSync(join(tmpdir(), 'dormouse-packages-'));
const problems: string[] = [];
try {
  const packed = packAll(folder);
  for (const one of packed) await lint(one);
  requireConsole(installAndImport(packed));
  startAlone(installAndImport(packed.filter(({ json }) => RUNTIME.includes(json.name))));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log('The packages pack, install and import cleanly');

async function lint({ json, tarball }: Packed): Promise<void> {
  const bytes = readFileSync(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    strict: true,
  });
  for (const message of messages) problems.push(`publint: ${json.name}: ${formatMessage(message, pkg)}`);
  if (entryPoints(json).length === 0) return;
  try {
    read(process.execPath, [tool('attw'), tarball, '--profile', 'esm-only', '--no-emoji', '--no-color']);
  } catch (error) {
    problems.push(`are-the-types-wrong: ${json.name}: ${String(error)}`);
  }
}

/** @returns the project that they are installed into */
function installAndImport(packed: readonly Packed[]): string {
  const project = mkdtempSync(join(folder, 'project-'));
  const dependencies = Object.fromEntries(packed.map(({ json, tarball }) => [json.name, `file:${tarball}`]));
  // Our packages name each other by version; here every one of them is the tarball just packed.
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({
      name: 'empty-project',
      private: true,
      type: 'module',
      dependencies,
      overrides: dependencies,
    }),
  );
  read('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: project,
  });
  for (const { json } of packed) {
    const nodes =
      json.engines.node === '>=20.19' ? new Set([HOST_NODE, process.execPath]) : [process.execPath];
    for (const node of nodes) {
      for (const entry of entryPoints(json)) importEntry(node, project, entry);
    }
  }
  return project;
}

/** The collector carries the page that it serves. */
function requireConsole(project: string): void {
  const page = join(project, 'node_modules/@dormouse/collector/dist/console/index.html');
  if (!existsSync(page))
    problems.push('the collector is packed without the console: `npm run build` makes it');
}

/** The agent, which is only loaded where it starts, gets as far as to a collector that is not there. */
function startAlone(project: string): void {
  const program = `process.stderr.write = (text) => process.stdout.write(text);
    const { start } = await import('@dormouse/runtime');
    start({ url: 'ws://127.0.0.1:1', token: 'none', debug: true });
    setTimeout(() => {}, 1_000);`;
  const printed = read(HOST_NODE, ['--input-type=module', '--eval', program], { cwd: project });
  if (!printed.includes('ECONNREFUSED')) problems.push(`the runtime does not start alone: ${printed}`);
}

function entryPoints(json: PackageJson): string[] {
  return Object.keys(json.exports)
    .filter((key) => key !== './package.json')
    .map((key) => json.name + key.slice(1));
}

/** Imports one entry point in a process of its own: it must load, export something or register, and end. */
function importEntry(node: string, project: string, entry: string): void {
  const program = `await import(${JSON.stringify(entry)}); console.log('imported');`;
  try {
    const printed = read(node, ['--input-type=module', '--eval', program], {
      cwd: project,
      env: { DORMOUSE_DISABLED: '1' },
    });
    if (printed.trim() !== 'imported') problems.push(`${entry} on ${node} prints when imported: ${printed}`);
  } catch (error) {
    problems.push(`${entry} does not import on ${node}: ${String(error)}`);
  }
}
