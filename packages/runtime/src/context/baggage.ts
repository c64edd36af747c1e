import { LIMITS } from '@dormouse/protocol';
import { AttributeList } from './attributes.js';
import { NO_ATTRIBUTES, type Attributes } from './slot.js';

/** The members of a `baggage` header after W3C Baggage, without their properties. What is not one is left out. */
export function parseBaggage(header: string): Attributes {
  if (header.length > LIMITS.baggageBytes) return NO_ATTRIBUTES;
  const members = new AttributeList();
  for (const member of header.split(',')) {
    const [pair = ''] = member.split(';', 1);
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, equals)).trim();
    const value = decode(pair.slice(equals + 1).trim());
    if (isToken(name) && value !== undefined) members.add(name, value);
  }
  return members.attributes;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** A token of RFC 7230. */
const isToken = (text: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(text);
