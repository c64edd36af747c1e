/** Dollars to whole cents, halves away from zero. */
export function roundToCents(dollars: number): number {
  return (Math.sign(dollars) * Math.round(Math.abs(dollars) * 100 + 1e-7)) / 100;
}

/** Basis points (hundredths of a percent) of an amount. */
export function basisPoints(amount: number, points: number): number {
  return (amount * points) / 10_000;
}
