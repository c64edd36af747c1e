import type { GrantName, RightsView, RoleName } from '@dormouse/protocol';
import { EVERYWHERE } from './covers.js';

export const ROLES: readonly (readonly [RoleName, string])[] = [
  ['viewer', 'Viewer: sees probes and what they found, without values'],
  ['debugger', 'Debugger: places probes'],
  ['admin', 'Admin: also access, policies, kill switches'],
];

export const GRANTS: readonly (readonly [GrantName, string])[] = [
  ['values', 'Read captured values'],
  ['agent-expressions', 'Ask by way of AI agents with conditions and watches'],
  ['raise-limits', 'Raise limits above the defaults'],
];

/** Those that come with a role where nobody says otherwise. */
export const GRANTS_OF: Readonly<Record<RoleName, readonly GrantName[]>> = {
  viewer: [],
  debugger: ['values'],
  admin: GRANTS.map(([grant]) => grant),
};

/** `in acme/shop`, `everywhere` */
export const placeWords = (place: string): string => (place === EVERYWHERE ? 'everywhere' : `in ${place}`);

/** `debugger with values` */
export const rightsWords = ({ role, grants }: RightsView): string =>
  grants.length === 0 ? role : `${role} with ${grants.join(', ')}`;
