import { UnknownSymbol } from '../domain/errors.js';

export interface Instrument {
  readonly symbol: string;
  readonly sector: 'energy' | 'finance' | 'health' | 'industry' | 'retail' | 'technology';
  /** Dollars, where the day starts. */
  readonly referencePrice: number;
  /** Half of the difference between bid and ask, in basis points. */
  readonly halfSpread: number;
  /** Units traded on an ordinary day. */
  readonly dailyVolume: number;
}

export const INSTRUMENTS: readonly Instrument[] = [
  { symbol: 'ALDR', sector: 'technology', referencePrice: 184.2, halfSpread: 1.5, dailyVolume: 4_200_000 },
  { symbol: 'BRCH', sector: 'technology', referencePrice: 62.75, halfSpread: 2, dailyVolume: 2_900_000 },
  { symbol: 'CEDR', sector: 'finance', referencePrice: 41.1, halfSpread: 2, dailyVolume: 3_100_000 },
  { symbol: 'ELMX', sector: 'health', referencePrice: 318.5, halfSpread: 3, dailyVolume: 640_000 },
  { symbol: 'FIRR', sector: 'energy', referencePrice: 27.34, halfSpread: 2.5, dailyVolume: 5_800_000 },
  { symbol: 'HZEL', sector: 'retail', referencePrice: 13.8, halfSpread: 4, dailyVolume: 1_900_000 },
  { symbol: 'LNDN', sector: 'industry', referencePrice: 96.4, halfSpread: 3, dailyVolume: 880_000 },
  { symbol: 'MAPL', sector: 'retail', referencePrice: 148.05, halfSpread: 2, dailyVolume: 2_400_000 },
  { symbol: 'OAKS', sector: 'finance', referencePrice: 512.9, halfSpread: 4, dailyVolume: 310_000 },
  { symbol: 'PINE', sector: 'energy', referencePrice: 8.62, halfSpread: 6, dailyVolume: 7_400_000 },
  { symbol: 'ROWN', sector: 'health', referencePrice: 74.9, halfSpread: 5, dailyVolume: 420_000 },
  { symbol: 'WLLW', sector: 'industry', referencePrice: 225.6, halfSpread: 3, dailyVolume: 560_000 },
];

const bySymbol = new Map(INSTRUMENTS.map((instrument) => [instrument.symbol, instrument]));

export function instrumentOf(symbol: string): Instrument {
  const instrument = bySymbol.get(symbol);
  if (!instrument) throw new UnknownSymbol(`No instrument has the symbol ${symbol}.`);
  return instrument;
}
