import type { AuditDoor } from '@dormouse/protocol';

const CLIENTS: Readonly<Record<string, AuditDoor>> = { 'dormouse-mcp': 'mcp', 'dormouse-cli': 'cli' };

/** The part of a request's headers that tells the door. */
export interface DoorHeaders {
  readonly 'user-agent'?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}

/** Through which a request came, as far as it says so itself. */
export function doorOf(headers: DoorHeaders): AuditDoor {
  const client = headers['user-agent']?.split('/', 1)[0] ?? '';
  if (Object.hasOwn(CLIENTS, client)) return CLIENTS[client]!;
  // Pages cannot set this header, and browsers always do.
  return headers['sec-fetch-site'] === undefined ? 'http' : 'console';
}
