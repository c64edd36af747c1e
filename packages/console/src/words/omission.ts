import type { Omission, OmissionReason } from '@dormouse/protocol';
import { grouped } from './number.js';

/** Why something of a value is not shown, in a person's words; `count` is how many more there are. */
const REASONS: Readonly<Record<OmissionReason, (count: number | undefined) => string>> = {
  depth: () => 'deeper levels not captured',
  fieldCount: (count) => `${more(count, 'field')} not captured`,
  collectionSize: (count) => `${more(count, 'item')} not captured`,
  stringLength: (count) => `${more(count, 'character')} not captured`,
  nodeCount: () => 'not captured: the capture’s limit of values was reached',
  payloadTooLarge: () => 'not captured: the capture would have been too large',
  timeout: () => 'not captured: the capture’s time limit was reached',
  uninitialised: () => 'not initialised yet',
  runtimeError: () => 'could not be read',
};

export function omissionWords({ reason, count }: Omission): string {
  const known = REASONS[reason] as ((count: number | undefined) => string) | undefined;
  return known?.(count) ?? 'not captured';
}

function more(count: number | undefined, what: string): string {
  return count === undefined ? `more ${what}s` : `${grouped(count)} more ${what}${count === 1 ? '' : 's'}`;
}
