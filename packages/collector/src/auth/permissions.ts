import type { GrantName, RoleName } from '@dormouse/protocol';

/** What a request may do. Every operation names one. */
export type Permission =
  | 'services:read'
  | 'builds:read'
  | 'builds:write'
  | 'probes:read'
  | 'probes:write'
  | 'probes:kill'
  | 'captures:read'
  | 'captures:write'
  | 'policies:read'
  | 'policies:write'
  | 'out:read'
  | 'out:write'
  | 'profile:read'
  | 'profile:write'
  | 'places:read'
  | 'places:write'
  | 'access:read'
  | 'access:write'
  | 'audit:read'
  | 'audit:write'
  | 'collector:backup';

const VIEWER: readonly Permission[] = [
  'services:read',
  'builds:read',
  'probes:read',
  'captures:read',
  'policies:read',
  'places:read',
  'profile:read',
  'profile:write',
];
const DEBUGGER: readonly Permission[] = [...VIEWER, 'builds:write', 'probes:write', 'captures:write'];

const PERMISSIONS: Readonly<Record<RoleName, readonly Permission[]>> = {
  viewer: VIEWER,
  debugger: DEBUGGER,
  admin: [
    ...DEBUGGER,
    'probes:kill',
    'policies:write',
    'out:read',
    'out:write',
    'places:write',
    'access:read',
    'access:write',
    'audit:read',
    'audit:write',
    'collector:backup',
  ],
};

/** Roles and grants as stored and asked for: those of the protocol. */
export type Role = RoleName;
export type Grant = GrantName;

export function roleAllows(role: Role, permission: Permission): boolean {
  return PERMISSIONS[role].includes(permission);
}
