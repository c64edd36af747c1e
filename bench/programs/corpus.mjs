/** Texts to work on: always those of the packages as published, whatever has become of the copies that run. */
import { readFileSync } from 'node:fs';

const PACKAGES = new URL('../../../install/all/node_modules/', import.meta.url);

export const read = (path) => readFileSync(new URL(path, PACKAGES), 'utf8');
