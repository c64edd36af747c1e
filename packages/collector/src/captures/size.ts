/** A KB is 1,024 bytes. */
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `20GB` in bytes; undefined for what is no size. */
export function readSize(text: string): number | undefined {
  const [, number, unit = 'B'] = /^(\d{1,6}(?:\.\d+)?) ?([KMGT]?B)?$/i.exec(text) ?? [];
  return number === undefined
    ? undefined
    : Math.round(Number(number) * 1_024 ** UNITS.indexOf(unit.toUpperCase()));
}

export function writeSize(bytes: number): string {
  const unit = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1_024 ** unit).toPrecision(3))}${UNITS[unit]}`;
}
