import type { ResolvedLocation } from '@dormouse/protocol';

/** `risk-gate.ts:42` */
export function placeName({ file, line }: Pick<ResolvedLocation, 'file' | 'line'>): string {
  return `${fileName(file)}:${line}`;
}

export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
