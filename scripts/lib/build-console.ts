import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { licences } from './licences.ts';
import { ROOT } from './paths.ts';

const SOURCE = join(ROOT, 'packages/console');

/** The collector serves it, and carries it in its package. */
const PAGE = join(ROOT, 'packages/collector/dist/console');

/** Builds the page that the collector serves, and compresses it for it; nothing where nothing has changed since. */
export async function buildConsole(): Promise<void> {
  if (builtAt() > changedAt()) return;
  const built = (await build({
    configFile: join(SOURCE, 'vite.config.ts'),
    logLevel: 'warn',
  })) as Rolldown.RolldownOutput;
  const inputs = built.output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  writeFileSync(join(PAGE, 'LICENSES.txt'), licences(inputs));
  for (const file of globSync('**/*.{html,js,css,svg}', { cwd: PAGE })) {
    const path = join(PAGE, file);
    writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)));
  }
}

/** ms since 1970; 0 if it never was. The compressed page is written last. */
function builtAt(): number {
  return statSync(join(PAGE, 'index.html.br'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function changedAt(): number {
  const files = globSync(['src/**', '*.*'], { cwd: SOURCE }).map((file) => join(SOURCE, file));
  const times = [...files, join(ROOT, 'package-lock.json')].map((file) => statSync(file).mtimeMs);
  return Math.max(...times);
}
