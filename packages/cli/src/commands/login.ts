import { createInterface } from 'node:readline/promises';

import { Client } from '../client/client.js';
import { findConnection, saveLogin } from '../client/connection.js';
import { defineCommand } from '../command/command.js';
import { UsageError } from '../failure.js';
import { escapeUnsafe } from '../render/text.js';

export const command = defineCommand({
  positionals: [],
  options: {},
  notes: `Without --token the token is read from standard input, so that it stays out of the shell's history:
  dormouse login --url https://collector.example.com < token.txt

It is checked, and kept in ~/.config/dormouse/config.json, readable for you only.`,
  async run({ values, answer }) {
    const { url } = findConnection(values);
    const token = values.token ?? (await readToken());
    if (token === '') throw new UsageError('There is no token: give it with --token or on standard input.');
    await new Client({ url, token }).services();
    const path = saveLogin({ url, token });
    answer({ url, path }, () => `Logged in to ${escapeUnsafe(url)}; remembered in ${escapeUnsafe(path)}.`);
  },
});

async function readToken(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Token: ');
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) return line.trim();
  return '';
}
