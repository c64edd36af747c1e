import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Only as the last line: anywhere else it could be part of a string. */
const COMMENT = /(?<=^|\n)\/\/[#@] sourceMappingURL=(\S+)\s*$/;

const DATA = /^data:application\/json;(?:charset=[^;,]+;)?base64,(.*)$/;

/** The source map, JSON text, that a file names in its last line; undefined where there is none to read. */
export function sourceMapOf(path: string, code: string): string | undefined {
  const url = COMMENT.exec(code)?.[1];
  if (url === undefined) return undefined;
  const data = DATA.exec(url)?.[1];
  try {
    if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
    return readFileSync(join(dirname(path), decodeURIComponent(url)), 'utf8');
  } catch {
    return undefined;
  }
}

export function withoutMapComment(code: string): string {
  return code.replace(COMMENT, '');
}

/** @param map JSON text */
export function inlineMap(code: string, map: string | undefined): string {
  if (map === undefined) return code;
  const data = Buffer.from(map).toString('base64');
  const end = code.endsWith('\n') ? '' : '\n';
  return `${code}${end}//# sourceMappingURL=data:application/json;base64,${data}`;
}
