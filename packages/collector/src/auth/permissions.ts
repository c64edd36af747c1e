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

const PERMISSIONS = {
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
} as const satisfies Readonly<Record<string, readonly Permission[]>>;

/** Each may do all that those before it may. */
export type Role = keyof typeof PERMISSIONS;

export const ROLES = Object.keys(PERMISSIONS) as readonly Role[];

export function roleAllows(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[role] as readonly Permission[]).includes(permission);
}

/**
 * What a role alone does not allow: to read captured values; conditions, watches and templates by way of an AI agent;
 * limits above the defaults.
 */
export const GRANTS = ['values', 'agent-expressions', 'raise-limits'] as const;

export type Grant = (typeof GRANTS)[number];

/** Of bindings that name none. */
export const DEFAULT_GRANTS: Readonly<Record<Role, readonly Grant[]>> = {
  viewer: [],
  debugger: ['values'],
  admin: GRANTS,
};
