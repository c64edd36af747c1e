import { createInterface } from 'node:readline/promises';

import { Client } from '../client/client.js';
import { asHttp, DEFAULT_URL } from '../client/connection.js';
import { DEFAULT_PROFILE, readProfiles, writeProfiles } from '../client/profiles.js';
import { defineCommand } from '../command/command.js';
import { UsageError } from '../failure.js';
import { escapeUnsafe } from '../render/text.js';

export const command = defineCommand({
  positionals: [],
  options: {},
  notes: `Examples
  dormouse login --url https://collector.example.com < token.txt
  dormouse login --profile staging --url https://staging.example.com

Without --token the token is read from standard input, so that it stays out of the shell's history. It is checked, and
kept in ~/.config/dormouse/config.json, readable for you only. From then on this profile is used; "dormouse profiles"
lists all and chooses another, and --profile or DORMOUSE_PROFILE name one for once.`,
  async run({ values, answer }) {
    const { current, logins } = readProfiles();
    const profile = values.profile ?? (process.env['DORMOUSE_PROFILE'] || DEFAULT_PROFILE);
    const known = logins[profile]?.url;
    const url = asHttp(values.url ?? (process.env['DORMOUSE_URL'] || known) ?? DEFAULT_URL);
    const token = values.token ?? (await readToken());
    if (token === '') throw new UsageError('There is no token: give it with --token or on standard input.');
    await new Client({ url, token }).services();
    const path = writeProfiles({ current: profile, logins: { ...logins, [profile]: { url, token } } });
    const former = current === profile || logins[current] === undefined ? '' : ` Before it was ${current}.`;
    answer({ profile, url, path }, () =>
      escapeUnsafe(`Logged in to ${url}; remembered as ${profile} in ${path}.${former}`),
    );
  },
});

async function readToken(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Token: ');
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) return line.trim();
  return '';
}
