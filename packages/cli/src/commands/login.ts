import { hostname } from 'node:os';

import { askSecret } from '../ask/secret.js';
import { Client } from '../client/client.js';
import { asHttp, DEFAULT_URL } from '../client/connection.js';
import { tokenByPassword } from '../client/sign-in.js';
import { DEFAULT_PROFILE, readProfiles, writeProfiles } from '../client/profiles.js';
import { defineCommand } from '../command/command.js';
import { UsageError } from '../failure.js';
import { escapeUnsafe } from '../render/text.js';

export const command = defineCommand({
  positionals: [],
  options: {
    email: { type: 'string', value: 'ADDRESS', summary: 'Sign in as this user, by password' },
  },
  notes: `Examples
  dormouse login --url https://collector.example.com < token.txt
  dormouse login --email ann@example.com            # asks for the password, and keeps a token of her own
  dormouse login --profile staging --url https://staging.example.com

Without --token or --email the token is read from standard input, so that it stays out of the shell's history. It is checked, and
kept in ~/.config/dormouse/config.json, readable for you only. From then on this profile is used; "dormouse profiles"
lists all and chooses another, and --profile or DORMOUSE_PROFILE name one for once.`,
  async run({ values, answer }) {
    const { current, logins } = readProfiles();
    const profile = values.profile ?? (process.env['DORMOUSE_PROFILE'] || DEFAULT_PROFILE);
    const known = logins[profile]?.url;
    const url = asHttp(values.url ?? (process.env['DORMOUSE_URL'] || known) ?? DEFAULT_URL);
    const token = await tokenFor(url, values.email, values.token);
    await new Client({ url, token }).profile();
    const path = writeProfiles({ current: profile, logins: { ...logins, [profile]: { url, token } } });
    const former = current === profile || logins[current] === undefined ? '' : ` Before it was ${current}.`;
    answer({ profile, url, path }, () =>
      escapeUnsafe(`Logged in to ${url}; remembered as ${profile} in ${path}.${former}`),
    );
  },
});

/** What lets us in: a token that is given, or one that is made for whoever knows the password. */
async function tokenFor(url: string, email: string | undefined, given: string | undefined): Promise<string> {
  if (email === undefined) {
    const token = given ?? (await askSecret('Token'));
    if (token !== '') return token;
    throw new UsageError('There is no token: give it with --token or on standard input.');
  }
  if (given !== undefined) throw new UsageError('--email and --token are two ways in: give one.');
  const password = await askSecret('Password');
  if (password === '') throw new UsageError('There is no password on standard input.');
  return tokenByPassword(url, { email, password, name: `dormouse login at ${hostname()}` });
}
