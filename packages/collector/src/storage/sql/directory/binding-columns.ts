import type { Binding, Rights } from '../../../auth/binding.js';
import type { Grant, Role } from '../../../auth/permissions.js';
import type { BindingColumns } from './tables.js';

export const bindingColumns = ({ place, role, grants, services, elevation }: Binding): BindingColumns => ({
  place,
  role,
  grants: JSON.stringify(grants),
  services: JSON.stringify(services),
  elevation: elevation === undefined ? null : JSON.stringify(elevation),
});

export const bindingOf = ({ place, role, grants, services, elevation }: BindingColumns): Binding => ({
  place,
  role: role as Role,
  grants: JSON.parse(grants) as Grant[],
  services: JSON.parse(services) as string[],
  ...(elevation !== null && { elevation: JSON.parse(elevation) as Rights }),
});
