/**
 * Builds the fixture with one bundler: first with the README's configuration as it stands, then every variant of it, woven
 * and unwoven. Run by Node, and for Bun by Bun, with the fixture's copy as working directory: `build.ts <host>`.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Host, VARIANTS, readmeConfig, variantConfig } from './variants.ts';

const require = createRequire(import.meta.url);
const host = process.argv[2] as Host;

await build('readme', readmeConfig(host));
for (const variant of VARIANTS) {
  for (const woven of [true, false]) {
    await build(`${variant.name}-${woven}`, variantConfig(host, variant, woven));
  }
}

async function build(name: string, text: string): Promise<void> {
  const path = resolve(`${host}.${name}.config.mjs`);
  writeFileSync(path, text);
  // esbuild's and Bun's files build when they are run.
  const { default: config } = (await import(pathToFileURL(path).href)) as { default: never };
  await run(config);
}

async function run(config: never): Promise<void> {
  switch (host) {
    case 'vite':
      return void (await (
        await import('vite')
      ).build({ ...(config as object), configFile: false, logLevel: 'warn' }));
    case 'rollup': {
      const bundle = await (await import('rollup')).rollup(config);
      return void (await bundle.write(config['output']));
    }
    case 'rolldown': {
      const bundle = await (await import('rolldown')).rolldown(config);
      return void (await bundle.write(config['output']));
    }
    case 'webpack':
      return compile(require('webpack'), config);
    case 'rspack':
      return compile(require('@rspack/core').rspack, config);
    case 'esbuild':
    case 'bun':
      return undefined;
  }
}

interface Stats {
  hasErrors(): boolean;
  hasWarnings(): boolean;
  toString(): string;
}

type Bundler = (config: object) => {
  run(done: (error: Error | null, stats: Stats) => void): void;
  close(done: () => void): void;
};

function compile(bundler: Bundler, config: object): Promise<void> {
  return new Promise((fulfil, reject) => {
    const compiler = bundler(config);
    compiler.run((error, stats) => {
      const problem =
        error ?? (stats.hasErrors() || stats.hasWarnings() ? new Error(stats.toString()) : null);
      compiler.close(() => (problem === null ? fulfil() : reject(problem)));
    });
  });
}
