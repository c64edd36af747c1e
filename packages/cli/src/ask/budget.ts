import { UsageError } from '../failure.js';

/** How much larger than the original the woven code may be. */
export interface Budget {
  readonly measure: 'raw' | 'gzip';
  /** Of the size before: `1.6` is 60 % more. */
  readonly factor: number;
  /** As it was asked for. */
  readonly text: string;
}

/**
 * Reads `--budget`: `1.6x` and `60%` are the same limit, `gzip:1.6x` is about gzipped sizes.
 * @throws {UsageError} for anything else
 */
export function parseBudget(text: string): Budget {
  const [, gzip, number = '', unit] = /^(gzip:)?(\d+(?:\.\d+)?)(x|%)$/.exec(text) ?? [];
  if (unit === undefined) {
    throw new UsageError(
      `--budget ${text} is no limit: write 1.6x or 60%, for gzipped sizes gzip:1.6x or gzip:60%.`,
    );
  }
  const factor = unit === 'x' ? Number(number) : 1 + Number(number) / 100;
  return { measure: gzip === undefined ? 'raw' : 'gzip', factor, text };
}
