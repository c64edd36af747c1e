import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { openPostgres } from '../../src/storage/postgres/open.ts';

/** By server: a database that has its tables already, from which others are copied. That is faster than to create them. */
const templates = new Map<string, Promise<string>>();

/** The URL of a new database on the server of another one, with nothing but tables. It goes with its server. */
export async function freshDatabase(server: string): Promise<string> {
  const template = templates.get(server) ?? createTemplate(server);
  templates.set(server, template);
  return createDatabase(server, await template);
}

/** One without even tables. */
export const emptyDatabase = (server: string): Promise<string> => createDatabase(server, 'template1');

async function createTemplate(server: string): Promise<string> {
  const url = await emptyDatabase(server);
  await (await openPostgres(url)).close();
  return new URL(url).pathname.slice(1);
}

async function createDatabase(server: string, template: string): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const client = new Client(server);
  await client.connect();
  await client.query(`create database ${name} template ${template}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Ends every connection to a database and allows no other, as if its server were gone. @returns gives it back */
export async function takeAway(url: string): Promise<() => Promise<void>> {
  const name = new URL(url).pathname.slice(1);
  const server = new URL(url);
  server.pathname = '/postgres';
  const client = new Client(server.href);
  await client.connect();
  await client.query(`alter database ${name} allow_connections false`);
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  return async () => {
    await client.query(`alter database ${name} allow_connections true`);
    await client.end();
  };
}
