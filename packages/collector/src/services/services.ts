import { CollectorError } from '../collector-error.js';
import { nearestNames } from '../nearest.js';
import type { Database } from '../storage/database.js';

/** Notes that a service exists: an agent of it connected, or a manifest of it was uploaded. */
export async function rememberService(db: Database, service: string): Promise<void> {
  await db
    .insertInto('services')
    .values({ name: service, first_seen: Date.now() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function serviceNames(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('services').select('name').orderBy('name').execute();
  return rows.map((row) => row.name);
}

/** @throws {CollectorError} UNKNOWN_SERVICE */
export async function requireService(db: Database, service: string): Promise<void> {
  const names = await serviceNames(db);
  if (names.includes(service)) return;
  const suggestions = nearestNames(service, names);
  throw new CollectorError('UNKNOWN_SERVICE', explain(service, suggestions, names), {
    path: 'service',
    suggestions,
  });
}

function explain(service: string, suggestions: readonly string[], names: readonly string[]): string {
  const what = `No agent of a service ${service} has ever connected.`;
  if (suggestions.length > 0) return `${what} Did you mean ${suggestions.join(' or ')}?`;
  if (names.length > 0) return `${what} Known: ${names.slice(0, 10).join(', ')}.`;
  return `${what} None of any other has: start a woven program with the runtime and the agent token first.`;
}
