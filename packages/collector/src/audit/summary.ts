import type { AuditValue } from '@dormouse/protocol';

/**
 * What a record shows of a request. Fields of bodies that are not listed here may hold secrets or captured values: their
 * names are shown, and in place of their values is {@link HIDDEN}.
 */
const SHOWN = new Set(
  `
  service services instance instances kind location file line function column on until within includes
  steps anchor condition watches template level to expect verdict by keys name names attributes limits
  capture callers target owner deny redaction revision reason id ids probe probes group parameters
  expiresInMs state role grants place organisation project environment environments user email
  displayName expiresAt overlapMs durationMs elevation isOwn isForAi sequence hash events active endpoint
  signals compression
  `
    .trim()
    .split(/\s+/),
);

/** Bodies of these kinds measure an expression that they call `value`. */
const MEASURED = new Set(['gauge', 'histogram']);

/** Names of parameters that hold what lets somebody in. */
const SECRET = /token|secret|password|passphrase|code|cookie|credential/i;

const HIDDEN = '…';
const MOST = { characters: 500, items: 50, members: 50, depth: 6, bytes: 8_192 } as const;

/** A request as it is written down: bounded, and only what may be known. */
export function summaryOf(request: {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}): AuditValue {
  const summary = {
    ...parametersOf(request.params),
    ...parametersOf(request.query),
    ...bodyOf(request.body),
  };
  if (Buffer.byteLength(JSON.stringify(summary)) <= MOST.bytes) return summary;
  return Object.fromEntries(Object.keys(summary).map((name) => [name, HIDDEN]));
}

function parametersOf(parameters: unknown): Record<string, AuditValue> {
  return Object.fromEntries(
    membersOf(parameters).map(([name, value]) => [name, SECRET.test(name) ? HIDDEN : shortened(value, 1)]),
  );
}

function bodyOf(body: unknown): Record<string, AuditValue> {
  return Object.fromEntries(
    membersOf(body).map(([name, value]) => [name, isShown(name, body) ? shortened(value, 1) : HIDDEN]),
  );
}

function isShown(name: string, body: unknown): boolean {
  const value = (body as Record<string, unknown>)[name];
  // Elsewhere than in a probe's limits it may be evidence.
  if (name === 'capture')
    return Object.values(membersOf(value)).every(([, limit]) => typeof limit === 'number');
  if (name === 'value') return MEASURED.has((body as { readonly kind?: string }).kind ?? '');
  return SHOWN.has(name);
}

function shortened(value: unknown, depth: number): AuditValue {
  if (typeof value === 'string') {
    return value.length > MOST.characters ? `${value.slice(0, MOST.characters)}${HIDDEN}` : value;
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object' || depth > MOST.depth) return HIDDEN;
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST.items).map((item) => shortened(item, depth + 1));
    return value.length > MOST.items ? [...items, HIDDEN] : items;
  }
  return Object.fromEntries(
    membersOf(value).map(([name, member]) => [
      name.slice(0, MOST.characters),
      SECRET.test(name) ? HIDDEN : shortened(member, depth + 1),
    ]),
  );
}

function membersOf(value: unknown): [string, unknown][] {
  return isPlain(value) ? Object.entries(value).slice(0, MOST.members) : [];
}

/** Files are streams, and no business of the trail. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
