import { readProfiles, writeProfiles, type Profiles } from '../client/profiles.js';
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
  options: {},
  offline: true,
  notes: `Examples
  dormouse profiles
  dormouse profiles use staging
  dormouse profiles remove staging

A profile is a collector's address and token, saved by "dormouse login --profile NAME". Removing one forgets its token
here; at the collector it goes on to work.`,
  async run({ positionals: [action = 'list', name], answer }) {
    if (action === 'list' && name !== undefined) throw new UsageError(`"${name}" is one argument too many.`);
    const profiles = action === 'list' ? readProfiles() : change(action, name);
    answer(listed(profiles), (style) => renderProfiles(profiles, style));
  },
});

/** @throws {UsageError} */
function change(action: string, name: string | undefined): Profiles {
  if (action !== 'use' && action !== 'remove')
    throw new UsageError(`There is no "profiles ${action}".`, nearest(action, ACTIONS));
  if (name === undefined) throw new UsageError('NAME is missing: which profile.');
  const profiles = readProfiles();
  requireProfile(profiles, name);
  const changed = action === 'use' ? { ...profiles, current: name } : without(profiles, name);
  writeProfiles(changed);
  return changed;
}

function without({ current, logins }: Profiles, name: string): Profiles {
  const { [name]: _removed, ...others } = logins;
  return { current, logins: others };
}

/** Never with tokens. */
function listed({ current, logins }: Profiles): object {
  const profiles = Object.entries(logins).map(([name, { url }]) => ({
    name,
    url,
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
        ],
        style,
      );
