import { NotAuthenticated } from '../domain/errors.js';
import type { OrderDraft } from '../domain/order.js';
import type { TagMapping } from './fields.js';

export interface Partner {
  readonly id: string;
  readonly name: string;
  /** The account its clients' orders are booked to. */
  readonly account: string;
  /** Tags from the range that FIX leaves to the parties (5000 to 9999), by agreement with this partner. */
  readonly customTags: TagMapping<OrderDraft>;
}

export const PARTNERS: readonly Partner[] = [
  {
    id: 'meridian',
    name: 'Meridian Securities',
    account: 'p001',
    customTags: { '5011': 'desk', '5012': 'strategy' },
  },
  {
    id: 'harbour',
    name: 'Harbour Street Brokers',
    account: 'p002',
    customTags: { '5100': 'desk', '5104': 'strategy', '5105': 'note', '5118': 'highValue' },
  },
  {
    id: 'oakline',
    name: 'Oakline Wealth',
    account: 'p003',
    customTags: { '6001': 'desk' },
  },
];

/** The partner that an account belongs to. */
export function partnerOf(account: string): Partner {
  const partner = PARTNERS.find((candidate) => candidate.account === account);
  if (!partner) throw new NotAuthenticated(`Account ${account} belongs to no partner.`);
  return partner;
}
