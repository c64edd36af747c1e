import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TOOLS } from '../src/mcp/tools/tools.ts';
import { openCollector } from './support/collector.ts';
import { MANIFEST_A } from './support/manifest.ts';

/** The inspector's command line, which knows of us no more than the address and a token. */

const INSPECTOR = join(
  dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/inspector/package.json')),
  'clients/launcher/build/index.js',
);

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'dormouse-inspector-'));
});
afterAll(() => rmSync(home, { recursive: true }));

async function inspect<Answer>(url: string, token: string, ...args: readonly string[]): Promise<Answer> {
  const target = ['--cli', `${url}/mcp`, '--transport', 'http', '--header', `Authorization: Bearer ${token}`];
  const { stdout } = await promisify(execFile)(process.execPath, [INSPECTOR, ...target, ...args], {
    env: { PATH: process.env['PATH'], HOME: home },
  });
  return JSON.parse(stdout) as Answer;
}

interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: string };
  readonly outputSchema: { readonly type: string };
  readonly annotations: { readonly readOnlyHint: boolean };
}

test('the inspector lists every tool with its schemas and annotations, and calls one', async () => {
  const { url, adminToken, agent } = await openCollector();
  await agent({}, MANIFEST_A);
  const [{ tools }, found] = await Promise.all([
    inspect<{ tools: Tool[] }>(url, adminToken, '--method', 'tools/list'),
    inspect<{ structuredContent: object }>(
      url,
      adminToken,
      '--method',
      'tools/call',
      '--tool-name',
      'find_services',
    ),
  ]);
  expect(tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
  for (const tool of tools) {
    expect(tool, tool.name).toMatchObject({
      title: expect.stringMatching(/^[A-Z]/),
      description: expect.stringMatching(/\.$/),
      inputSchema: { type: 'object' },
      outputSchema: { type: 'object' },
      annotations: { readOnlyHint: expect.any(Boolean) },
    });
  }
  expect(found.structuredContent).toMatchObject({ services: [{ service: 'trades' }] });
});
