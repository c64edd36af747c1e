import { readFileSync } from 'node:fs';

/** This package's name and version: `@dormouse/transformer 0.1.0`. */
export function weaver(): string {
  const url = new URL('../../package.json', import.meta.url);
  const { name, version } = JSON.parse(readFileSync(url, 'utf8')) as { name: string; version: string };
  return `${name} ${version}`;
}
