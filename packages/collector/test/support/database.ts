import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** The URL of a new, empty database on the server of another one. It goes with its server. */
export async function emptyDatabase(server: string): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const client = new Client(server);
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
