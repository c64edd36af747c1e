import { GRANTS, ROLES, type GrantName, type RightsView, type RoleName } from '@dormouse/protocol';

import { nearest } from '../command/nearest.js';
import { UsageError } from '../failure.js';

/** @throws {UsageError} */
export function roleNamed(text: string): RoleName {
  return oneOf('role', ROLES, text);
}

/** Nothing where none is named: then the grants are those of the role. @throws {UsageError} */
export function grantsNamed(texts: readonly string[] | undefined): readonly GrantName[] | undefined {
  return texts?.filter((text) => text !== 'none').map((text) => oneOf('grant', GRANTS, text));
}

/** `debugger` or `debugger+values+raise-limits`. @throws {UsageError} */
export function rightsNamed(text: string): RightsView {
  const [role = '', ...grants] = text.split('+');
  return { role: roleNamed(role), grants: grantsNamed(grants) ?? [] };
}

function oneOf<Name extends string>(what: string, names: readonly Name[], text: string): Name {
  const name = names.find((one) => one === text);
  if (name !== undefined) return name;
  throw new UsageError(`"${text}" is no ${what}: ${names.join(', ')}.`, nearest(text, names));
}
