/**
 * `npm run pack [-- FOLDER]`: the packages as npm would publish them, to be installed into a project of one's own before they
 * are released. Default: `.cache/packages`. Prints what installs them.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packAll } from './lib/pack.ts';
import { ROOT } from './lib/paths.ts';

const folder = resolve(process.argv[2] ?? join(ROOT, '.cache/packages'));
mkdirSync(folder, { recursive: true });
const tarballs = packAll(folder).map(({ tarball }) => tarball);
console.log(`npm install --save-dev ${tarballs.join(' ')}`);
