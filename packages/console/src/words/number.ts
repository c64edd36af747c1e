const GROUPED = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });
const SHORT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** `12,400` */
export const grouped = (value: number): string => GROUPED.format(value);

const ROUNDED = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

/** `1,354`, `0.02041`: a measured number. */
export const rounded = (value: number): string => ROUNDED.format(value);

/** `12.4K`: where there is little room. */
export const short = (value: number): string => SHORT.format(value);

/** `1 hit`, `12 hits` */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${grouped(value)} ${value === 1 ? one : many}`;
