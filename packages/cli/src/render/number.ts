/** Beyond these a number with all its digits is harder to read than its exponent. */
const SMALL = 1e-6;
const LARGE = 1e15;

/** `1,204`, `0.042`, `12,345.7`, `1.2e+21`: six digits at most, as no sketch knows more. */
export function formatNumber(number: number): string {
  const size = Math.abs(number);
  if (number !== 0 && (size < SMALL || size >= LARGE)) return Number(number.toPrecision(6)).toExponential();
  return number.toLocaleString('en-US', { maximumSignificantDigits: Math.max(6, digitsBeforePoint(size)) });
}

const digitsBeforePoint = (size: number): number => (size < 1 ? 1 : Math.floor(Math.log10(size)) + 1);

/** `0.042 ms`, `12.3 ms`, `1,250 ms`, `1e+308 ms`. */
export function formatMs(ms: number): string {
  if (ms >= LARGE) return `${formatNumber(ms)} ms`;
  const maximumSignificantDigits = ms < 1 ? 2 : Math.max(3, digitsBeforePoint(ms));
  return `${ms.toLocaleString('en-US', { maximumSignificantDigits })} ms`;
}
