import { readProfiles, writeProfiles, type Profiles } from '../client/profiles.js';
import { requireProfile } from '../client/connection.js';
import { actionNamed } from '../command/action.js';
import { defineCommand } from '../command/command.js';
import { UsageError } from '../failure.js';
import type { Style } from '../render/style.js';
import { renderTable } from '../render/table.js';

/** What the first argument makes of the profiles. */
const CHANGES: Readonly<
  Record<string, (profiles: Profiles, name: string, environment?: string) => Profiles>
> = { use: using, remove: without };

const ACTIONS = ['list', ...Object.keys(CHANGES)];

export const command = defineCommand({
  positionals: [
    {
      name: 'ACTION',
      summary: `${ACTIONS.join(', ')}; default list`,
      optional: true,
      values: ACTIONS,
    },
    { name: 'NAME', summary: 'of a profile, to use or to remove', optional: true, values: 'profiles' },
  ],
  options: {
    environment: {
      type: 'string',
      value: 'PATH',
      summary: 'use: ask about this organisation/project/environment from now on',
    },
  },
  offline: true,
  notes: `Examples
  dormouse profiles
  dormouse profiles use staging
  dormouse profiles use staging --environment acme/shop/production
  dormouse profiles remove staging

A profile is a collector's address and token, saved by "dormouse login --profile NAME". Removing one forgets its token
here; at the collector it goes on to work.`,
  async run({ positionals: [action = 'list', name], values: { environment }, answer }) {
    if (action === 'list' && name !== undefined) throw new UsageError(`"${name}" is one argument too many.`);
    const before = readProfiles();
    const profiles = action === 'list' ? before : change(before, action, name, environment);
    answer(listed(profiles), (style) => renderProfiles(profiles, style));
  },
});

/** @throws {UsageError} */
function change(
  profiles: Profiles,
  action: string,
  name: string | undefined,
  environment: string | undefined,
): Profiles {
  const make = actionNamed(CHANGES, action, ['list']);
  if (name === undefined) throw new UsageError('NAME is missing: which profile.');
  const changed = make(profiles, name, environment);
  writeProfiles(changed);
  return changed;
}

function using(profiles: Profiles, name: string, environment?: string): Profiles {
  const login = { ...requireProfile(profiles, name), ...(environment !== undefined && { environment }) };
  return { current: name, logins: { ...profiles.logins, [name]: login } };
}

function without(profiles: Profiles, name: string): Profiles {
  requireProfile(profiles, name);
  const { [name]: _removed, ...others } = profiles.logins;
  return { current: profiles.current, logins: others };
}

/** Never with tokens. */
function listed({ current, logins }: Profiles): object {
  const profiles = Object.entries(logins).map(([name, { token: _hidden, ...login }]) => ({
    name,
    ...login,
    current: name === current,
  }));
  return { profiles };
}

const renderProfiles = ({ current, logins }: Profiles, style: Style): string =>
  Object.keys(logins).length === 0
    ? 'There are no profiles; "dormouse login" saves one.'
    : renderTable(
        Object.entries(logins),
        [
          { header: '', cell: ([name]) => (name === current ? '*' : '') },
          { header: 'PROFILE', cell: ([name]) => name, paint: style.colors.bold },
          { header: 'URL', cell: ([, { url }]) => url },
          { header: 'ENVIRONMENT', cell: ([, { environment = '-' }]) => environment },
        ],
        style,
      );
