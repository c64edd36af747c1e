import { EVERYWHERE_PATH, type GrantName, type RightsView, type RoleName } from '@dormouse/protocol';

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

/** `in acme/shop`, `everywhere` */
export const placeWords = (place: string): string =>
  place === EVERYWHERE_PATH ? 'everywhere' : `in ${place}`;

/** `debugger with values` */
export const rightsWords = ({ role, grants }: RightsView): string =>
  grants.length === 0 ? role : `${role} with ${grants.join(', ')}`;
