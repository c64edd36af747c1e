import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

/** The licences of the packages that are in a bundle. @param inputs paths of the files that it was made of */
export function licences(inputs: readonly string[]): string {
  const packages = new Set(
    inputs.flatMap((input) => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []),
  );
  return [...packages]
    .toSorted()
    .map((name) => {
      const directory = join(ROOT, 'node_modules', name);
      const [file] = globSync('{LICEN[CS]E,licen[cs]e}*', { cwd: directory });
      if (file === undefined) throw new Error(`${name} has no licence to quote`);
      return `${name}\n\n${readFileSync(join(directory, file), 'utf8').trim()}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
