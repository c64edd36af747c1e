import { UsageError } from '../failure.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `10m`, `1.5h`, `2d` to milliseconds. */
export function parseDuration(option: string, text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/u.exec(text) ?? [];
  const ms = Math.round(Number(number) * (UNITS[unit] ?? NaN));
  if (!(ms > 0)) throw new UsageError(`--${option} ${text} is no duration. For example: 90s, 10m, 2h`);
  return ms;
}

/** A whole number from 1. */
export function parseCount(option: string, text: string): number {
  if (!/^[1-9]\d{0,14}$/u.test(text)) throw new UsageError(`--${option} ${text} is no whole number from 1.`);
  return Number(text);
}

/** `0.1` or `10%`, over 0 up to 1. */
export function parseShare(option: string, text: string): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/u.exec(text) ?? [];
  const share = Number(number) / (percent === '%' ? 100 : 1);
  if (!(share > 0 && share <= 1))
    throw new UsageError(`--${option} ${text} is no share. For example: 0.1, 10%`);
  return share;
}
