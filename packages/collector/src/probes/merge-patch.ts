/** A JSON object with a patch put on it: what is `null` there goes, objects are patched in turn (RFC 7396). */
export function mergePatch(target: object, patch: object): Record<string, unknown> {
  const merged = new Map<string, unknown>(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, isObject(value) ? mergePatch(asObject(merged.get(key)), value) : value);
  }
  return Object.fromEntries(merged);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asObject = (value: unknown): object => (isObject(value) ? value : {});
