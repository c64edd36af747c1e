import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TransformerError } from '../transformer-error.js';

/** The path of the `tsc` that the first of these directories can see. Throws where none can. */
export function findTsc(directories: readonly string[]): string {
  for (const directory of directories) {
    const found = tscOfPackage(directory) ?? tscInBin(directory);
    if (found !== undefined) return found;
  }
  throw new TransformerError(
    'NO_TYPESCRIPT',
    `No TypeScript found from ${directories.join(' or ')}. Install it in the project: npm install --save-dev typescript`,
  );
}

function tscOfPackage(directory: string): string | undefined {
  try {
    const packagePath = createRequire(join(directory, 'package.json')).resolve('typescript/package.json');
    const { bin } = JSON.parse(readFileSync(packagePath, 'utf8')) as { bin?: { tsc?: string } };
    return bin?.tsc && join(dirname(packagePath), bin.tsc);
  } catch {
    return undefined;
  }
}

/** A TypeScript installed under another name still has its command. */
function tscInBin(directory: string): string | undefined {
  const command = join(directory, 'node_modules', '.bin', 'tsc');
  if (existsSync(command)) return realpathSync(command);
  const parent = dirname(directory);
  return parent === directory ? undefined : tscInBin(parent);
}
