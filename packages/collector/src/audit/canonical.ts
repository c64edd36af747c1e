/**
 * One text for one value: JSON as RFC 8785 has it, with members in the order of their names' UTF-16 units and nothing between
 * them. What JSON cannot say is left out; half a surrogate pair becomes U+FFFD.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(wellFormed(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]): [string, unknown] => [wellFormed(name), member])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

const wellFormed = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\ufffd');
