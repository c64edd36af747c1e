import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { expect, test } from 'vitest';
import { openCollector } from './support/collector.ts';
import { MANIFEST_A } from './support/manifest.ts';

const TSC = join(
  dirname(createRequire(import.meta.url).resolve('@typescript/native/package.json')),
  'bin/tsc',
);

const STRICT =
  '--ignoreConfig --noEmit --strict --skipLibCheck --allowImportingTsExtensions --module nodenext --target es2023 --types node'.split(
    ' ',
  );

test('a client generated from the document fits the collector, in its types and when it runs', async () => {
  const { api, agent: connect, url, adminToken } = await openCollector();
  // Below this package, so that it finds openapi-fetch.
  const folder = mkdtempSync(join(import.meta.dirname, '.client-'));
  try {
    const document = await api.get<OpenAPI3>('/openapi.json');
    writeFileSync(join(folder, 'api.d.ts'), astToString(await openapiTS(document)));
    const program = join(folder, 'drive.ts');
    copyFileSync(join(import.meta.dirname, 'fixtures/client/drive.ts'), program);
    await promisify(execFile)(process.execPath, [TSC, ...STRICT, program], { cwd: folder });

    const agent = await connect({}, MANIFEST_A);
    const child = spawn(
      process.execPath,
      ['--no-warnings', '--experimental-strip-types', program, url, adminToken],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const lines = createInterface(child.stdout);
    const [armed] = (await once(lines, 'line')) as [string];
    const { armed: id } = JSON.parse(armed) as { armed: string };
    await agent.deliver([
      agent.capture(id, { locals: [{ key: 'amount', value: { type: 'number', value: 7 } }] }),
    ]);
    const [result] = (await once(lines, 'line')) as [string];
    expect(JSON.parse(result)).toEqual({
      isReady: 'ready',
      reason: 'hits',
      amount: { type: 'number', value: 7 },
      code: 'UNKNOWN_FILE',
      state: 'ended',
      unknownKind: 'break',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
