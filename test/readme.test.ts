import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../scripts/lib/paths.ts';

/**
 * The table in "Add it to your build" is what people copy. The tests of `packages/dormouse` run the
 * configurations of its README; here every line of the table must stand in one of them.
 */
const HOSTS: Readonly<Record<string, string>> = {
  'Vite (SSR)': 'vite',
  Rollup: 'rollup',
  Rolldown: 'rolldown',
  webpack: 'webpack',
  Rspack: 'rspack',
  esbuild: 'esbuild',
  Bun: 'bun',
  'ts-loader': 'ts-loader',
  'ts-jest': 'ts-jest',
  'Nest (`nest build`)': 'nest',
  'ts-patch (`tspc`)': 'ts-patch',
  'none: development': 'register',
};

/** Commands, which the tests of the transformer and the command line run. */
const COMMANDS: Readonly<Record<string, string>> = {
  '`tsc`: TypeScript 5, 6 or 7': 'npx dormouse tsc -p .',
  'swc, Babel, any other compiler': 'npx dormouse weave dist',
};

const rows = [...read('README.md').matchAll(/^\| (.+?) \| (.+) \|$/gm)]
  .map(([, host = '', lines = '']) => ({
    host,
    lines: [...lines.matchAll(/`([^`]+)`/g)].map(([, line]) => line),
  }))
  .filter(({ host }) => host !== 'your build');

describe("the README's lines for every build", () => {
  it('are there for every host, and for no other', () => {
    expect(rows.map(({ host }) => host).sort()).toEqual(
      [...Object.keys(HOSTS), ...Object.keys(COMMANDS)].sort(),
    );
  });

  it.each(rows.filter(({ host }) => host in HOSTS))('$host', ({ host, lines }) => {
    const config = configOf(HOSTS[host] as string);
    expect(config).toContain(lines[0]);
    for (const line of lines.filter((text) => text?.startsWith('plugins:'))) expect(config).toContain(line);
  });

  it.each(rows.filter(({ host }) => host in COMMANDS))('$host', ({ host, lines }) => {
    expect(lines[0]).toBe(COMMANDS[host]);
  });
});

function configOf(host: string): string {
  const readme = read('packages/dormouse/README.md');
  return new RegExp(`<!-- config: ${host} -->\n\`\`\`[a-z]+\n([^]*?)\`\`\``).exec(readme)?.[1] ?? '';
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
