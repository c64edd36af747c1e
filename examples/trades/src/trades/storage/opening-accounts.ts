import { PARTNERS } from '../partners/directory.js';
import { INSTRUMENTS } from '../market/instruments.js';
import type { Account, Segment } from './accounts.js';

export const RETAIL_ACCOUNTS = 32;
export const PROFESSIONAL_ACCOUNTS = 8;

/** What an account of each segment starts with, in dollars. */
const OPENING: Readonly<Record<Segment, { cash: number; creditLine: number; holding: number }>> = {
  retail: { cash: 250_000, creditLine: 1_500_000, holding: 20_000 },
  professional: { cash: 8_000_000, creditLine: 60_000_000, holding: 400_000 },
  partner: { cash: 60_000_000, creditLine: 500_000_000, holding: 2_000_000 },
};

/** The accounts that the service starts with; what one is called follows from its number. */
export function* openingAccounts(): Generator<Account> {
  for (let number = 1; number <= RETAIL_ACCOUNTS; number += 1) yield open(accountId('a', number), 'retail');
  for (let number = 1; number <= PROFESSIONAL_ACCOUNTS; number += 1)
    yield open(accountId('b', number), 'professional');
  for (const partner of PARTNERS) yield open(partner.account, 'partner');
}

export function accountId(letter: 'a' | 'b', number: number): string {
  return `${letter}${String(number).padStart(3, '0')}`;
}

export function apiKeyOf(account: string): string {
  return `example-key-${account}`;
}

function open(id: string, segment: Segment): Account {
  const { cash, creditLine, holding } = OPENING[segment];
  const positions = new Map(
    INSTRUMENTS.map(({ symbol, referencePrice }) => [symbol, Math.ceil(holding / referencePrice)]),
  );
  return { id, segment, email: `${id}@example.com`, apiKey: apiKeyOf(id), creditLine, cash, positions };
}
