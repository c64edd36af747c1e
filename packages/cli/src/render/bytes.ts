/** `0.3 kB`, `1,204.0 kB`. */
export function bytes(number: number): string {
  const kilobytes = number / 1_000;
  return `${kilobytes.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} kB`;
}
