import type { Role } from './token.js';

/** What a request may do. Every operation names one. */
export type Permission =
  | 'services:read'
  | 'builds:read'
  | 'builds:write'
  | 'probes:read'
  | 'probes:write'
  | 'probes:kill'
  | 'captures:read'
  | 'policies:read'
  | 'policies:write'
  | 'agent:connect';

const PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  admin: [
    'services:read',
    'builds:read',
    'builds:write',
    'probes:read',
    'probes:write',
    'probes:kill',
    'captures:read',
    'policies:read',
    'policies:write',
  ],
  agent: ['agent:connect'],
};

export function mayDo(role: Role, permission: Permission): boolean {
  return PERMISSIONS[role].includes(permission);
}
