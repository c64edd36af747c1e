import { IN_MEMORY, startCollector, type Collector } from '@dormouse/collector';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { storageOf } from '../../collector/test/support/storage-of.ts';
import type { Finished } from './dormouse.ts';
import { runHere } from './run-here.ts';

const ADMIN = 'the-admin-token-of-the-tests-0123456789';
let collector: Collector;

beforeAll(async () => {
  const storage = await storageOf(IN_MEMORY);
  collector = await startCollector({ port: 0, ...storage, logLevel: 'silent', adminToken: ADMIN });
});

afterAll(() => collector.close());

const dormouse = (line: string, token = ADMIN): Promise<Finished> =>
  runHere([...line.split(' '), '--url', collector.url, '--token', token]);

test('places, tokens and elevation from the first to the last', async () => {
  expect(await dormouse('organisation create acme')).toMatchObject({ out: 'Made acme.\n' });
  await dormouse('project create acme/shop');
  await dormouse('environment create acme/shop/prod');
  expect((await dormouse('environment')).out).toMatch(
    /^PLACE +SINCE\nacme\/shop\/prod +\S.*\ndefault\/default\/default\n$/,
  );
  expect(await dormouse('environment create acme')).toMatchObject({ code: 2 });
  expect((await dormouse('services')).err).toMatch(/You see 2 environments/);
  expect((await dormouse('services --environment acme/shop/prod')).code).toBe(0);
  expect((await dormouse('services --environment acme/shop/none')).err).toMatch(/You see no environment/);

  const made = await dormouse('token create on-call --in acme/shop/prod --elevation admin+values');
  expect(made.err).toMatch(/^This is shown once: keep it now\. "dormouse token revoke t_\S+" ends it\.\n$/);
  const secret = made.out.trim();
  expect(secret).toMatch(/^dma_\w{49}$/);
  const id = /revoke (t_[\w-]+)"/.exec(made.err)![1]!;
  expect((await dormouse('token')).out).toMatch(/on-call +acme\/shop\/prod +viewer +all +never/);

  expect((await dormouse('elevate admin --reason incident --for 5m', secret)).out).toMatch(
    /token t_\S+ +acme\/shop\/prod +admin \+ values/,
  );
  expect((await dormouse('elevate admin --grant raise-limits --reason incident', secret)).err).toMatch(
    /No binding of on-call allows/,
  );
  const elevation = /(e_[\w-]+)/.exec((await dormouse('elevate', secret)).out)![1]!;
  expect((await dormouse(`elevate end ${elevation}`)).out).toBe('Ended.\n');

  await dormouse('token create copilot --in acme/shop/prod --role debugger --ai');
  expect((await dormouse('token')).out).toMatch(/copilot +acme\/shop\/prod +debugger \+ values, by AI/);

  expect((await dormouse(`token rotate ${id} --overlap soon`)).err).toMatch(/ --overlap soon is no duration/);
  const rotated = (await dormouse(`token rotate ${id} --overlap 1h`)).out.trim();
  for (const good of [secret, rotated]) expect((await dormouse('services', good)).code).toBe(0);
  expect((await dormouse(`token revoke ${id}`)).out).toMatch(/^Revoked on-call t_/);
  expect((await dormouse('services', rotated)).code).not.toBe(0);

  await dormouse('project rename acme/shop store');
  expect((await dormouse('organisation delete acme')).err).toMatch(
    /This deletes 1 environment, .*--confirm acme/,
  );
  expect((await dormouse('organisation delete acme --confirm acme')).out).toBe(
    'Deleted acme, acme/store, acme/store/prod.\n',
  );
  expect((await dormouse('services')).code).toBe(0);
});
