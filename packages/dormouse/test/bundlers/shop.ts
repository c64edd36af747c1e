import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Manifest } from '@dormouse/protocol';
import { ROOT } from '../../../../scripts/lib/paths.ts';
import type { Host } from './variants.ts';

const run = promisify(execFile);
const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url));
const BUILD = fileURLToPath(new URL('./build.ts', import.meta.url));
export const BUN: string = join(ROOT, `node_modules/@oven/bun-${process.platform}-${process.arch}/bin/bun`);

/** A copy of the fixture inside the repository, so that its configurations find the installed bundlers. */
export class Shop {
  readonly directory: string;
  readonly #parent: string;

  constructor() {
    mkdirSync(join(ROOT, '.cache'), { recursive: true });
    this.#parent = mkdtempSync(join(ROOT, '.cache', 'bundlers-'));
    cpSync(FIXTURES, this.#parent, { recursive: true });
    this.directory = join(this.#parent, 'shop');
    const modules = join(this.directory, 'node_modules');
    for (const scope of ['@shop', '@rollup']) mkdirSync(join(modules, scope), { recursive: true });
    symlinkSync('../../packages/money', join(modules, '@shop/money'), 'dir');
    symlinkSync('../../../plugin-typescript', join(modules, '@rollup/plugin-typescript'), 'dir');
  }

  /** Builds every variant; returns what was written to standard error. */
  async build(host: Host): Promise<string> {
    const { stderr } = await run(host === 'bun' ? BUN : process.execPath, [BUILD, host], {
      cwd: this.directory,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    return stderr;
  }

  /** What the built program prints. */
  async output(directory: string, node = process.execPath): Promise<string> {
    const { stdout, stderr } = await run(node, [this.main(directory)], { cwd: this.directory });
    return stdout + stderr;
  }

  main(directory: string): string {
    const main = this.files(directory).find((name) => /^main\.c?js$/.test(name));
    if (main === undefined) throw new Error(`${directory} has no main script.`);
    return join(this.directory, directory, main);
  }

  files(directory: string): readonly string[] {
    return readdirSync(join(this.directory, directory), { encoding: 'utf8', recursive: true });
  }

  read(path: string): string {
    return readFileSync(join(this.directory, path), 'utf8');
  }

  manifest(directory: string): Manifest {
    return JSON.parse(this.read(`${directory}/dormouse.manifest.json`)) as Manifest;
  }

  /** The line, from 1, of a piece of a source. */
  lineOf(path: string, text: string): number {
    const lines = this.read(path).split('\n');
    return lines.findIndex((line) => line.includes(text)) + 1;
  }

  remove(): void {
    rmSync(this.#parent, { recursive: true, force: true });
  }
}
