import { fileURLToPath } from 'node:url';

/** The path of a file URL; undefined for any other. */
export function filePathOf(url: string): string | undefined {
  return url.startsWith('file:') ? fileURLToPath(url) : undefined;
}

/** The text that a load hook was given, without its byte order mark; undefined where there is none. */
export function textOf(
  source: string | ArrayBuffer | NodeJS.TypedArray | null | undefined,
): string | undefined {
  if (source == null) return undefined;
  return typeof source === 'string' ? source.replace(/^\uFEFF/, '') : new TextDecoder().decode(source);
}
