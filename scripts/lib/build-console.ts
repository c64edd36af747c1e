import { globSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { licences } from './licences.ts';
import { ROOT } from './paths.ts';

const SOURCE = join(ROOT, 'packages/console');

/** All that it depends on. */
const MADE_OF = [
  'packages/console/src/**',
  'packages/console/*.*',
  'packages/{protocol,expression}/dist/**/*.js',
  'package-lock.json',
];

/** The collector serves it, and carries it in its package. */
const PAGE = join(ROOT, 'packages/collector/dist/console');

/**
 * Builds the page that the collector serves, and compresses it for it; nothing where nothing has changed since. It takes the place
 * of the one before when it is whole: several may build it at the same time.
 */
export async function buildConsole(): Promise<void> {
  if (builtAt() > changedAt()) return;
  const made = `${PAGE}-${process.pid}`;
  try {
    const built = (await build({
      configFile: join(SOURCE, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: made },
    })) as Rolldown.RolldownOutput;
    const inputs = built.output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
    writeFileSync(join(made, 'LICENSES.txt'), licences(inputs));
    for (const file of globSync('**/*.{html,js,css,svg}', { cwd: made })) {
      const path = join(made, file);
      writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)));
    }
    rmSync(PAGE, { recursive: true, force: true });
    renameSync(made, PAGE);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** ms since 1970; 0 if it never was. */
function builtAt(): number {
  return statSync(join(PAGE, 'index.html.br'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function changedAt(): number {
  return Math.max(...globSync(MADE_OF, { cwd: ROOT }).map((file) => statSync(join(ROOT, file)).mtimeMs));
}
