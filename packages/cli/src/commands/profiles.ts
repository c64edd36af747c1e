import { readProfiles, writeProfiles, type Login, type Profiles } from '../client/profiles.js';
import { requireProfile } from '../client/connection.js';
import { nearest } from '../command/nearest.js';
import { defineCommand } from '../command/command.js';
import { UsageError } from '../failure.js';
import type { Style } from '../render/style.js';
import { renderTable } from '../render/table.js';

const ACTIONS = ['list', 'use', 'remove'] as const;

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
    const profiles = action === 'list' ? readProfiles() : change(action, name, environment);
    answer(listed(profiles), (style) => renderProfiles(profiles, style));
  },
});

/** @throws {UsageError} */
function change(action: string, name: string | undefined, environment: string | undefined): Profiles {
  if (action !== 'use' && action !== 'remove')
    throw new UsageError(`There is no "profiles ${action}".`, nearest(action, ACTIONS));
  if (name === undefined) throw new UsageError('NAME is missing: which profile.');
  const profiles = readProfiles();
  const login = requireProfile(profiles, name);
  const changed =
    action === 'use'
      ? using(profiles, name, { ...login, ...(environment !== undefined && { environment }) })
      : without(profiles, name);
  writeProfiles(changed);
  return changed;
}

const using = ({ logins }: Profiles, name: string, login: Login): Profiles => ({
  current: name,
  logins: { ...logins, [name]: login },
});

function without({ current, logins }: Profiles, name: string): Profiles {
  const { [name]: _removed, ...others } = logins;
  return { current, logins: others };
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
