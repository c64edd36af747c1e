import {
  DEFAULT_GRANTS,
  type BindingRights,
  type GrantName,
  type RightsView,
  type RoleName,
} from '@dormouse/protocol';

/** Rights as they stand in a form. */
export interface RightsDraft {
  place: string;
  role: RoleName;
  grants: GrantName[];
  /** Patterns, separated by commas or spaces. */
  services: string;
  /** What may be asked for, for a time; nothing: `none`. */
  raisedTo: RoleName | 'none';
}

export const draftIn = (place: string): RightsDraft => ({
  place,
  role: 'debugger',
  grants: [...DEFAULT_GRANTS.debugger],
  services: '',
  raisedTo: 'none',
});

export const draftOf = ({ place, role, grants, services, elevation }: BindingRights): RightsDraft => ({
  place,
  role,
  grants: [...grants],
  services: services.join(', '),
  raisedTo: elevation?.role ?? 'none',
});

/** @param elevation what may be asked for until now: it keeps its grants unless the role changes */
export function rightsOf(
  { place, role, grants, services, raisedTo }: RightsDraft,
  elevation?: RightsView,
): BindingRights {
  const raised = raisedTo === elevation?.role ? elevation : raisedRights(raisedTo);
  return {
    place,
    role,
    grants,
    services: services.split(/[\s,]+/).filter(Boolean),
    ...(raised !== undefined && { elevation: raised }),
  };
}

const raisedRights = (role: RoleName | 'none'): RightsView | undefined =>
  role === 'none' ? undefined : { role, grants: DEFAULT_GRANTS[role] };
