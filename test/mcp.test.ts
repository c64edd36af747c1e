import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storageFlags } from '../packages/collector/test/support/storage-of.ts';
import { BUILDS, CLI, EXAMPLE } from '../scripts/lib/example.ts';
import { HOST_NODE } from '../scripts/lib/paths.ts';
import { NEVER_RESTING, openStage, type Stage } from '../scripts/lib/stage.ts';

/**
 * What an AI agent does that knows a symptom, the tools as they describe themselves, and nothing else: no source, no file
 * name, no line. Every step uses only what the steps before it have answered.
 */

const SYMPTOM = 'some large trades skip fraud scoring';

let stage: Stage;
let traffic: ChildProcess;

beforeAll(async () => {
  stage = await openStage(storageFlags);
  const fraud = await stage.startService('fraud', { node: HOST_NODE });
  const trades = await stage.startService('trades', {
    node: HOST_NODE,
    env: { ...NEVER_RESTING, FRAUD_URL: fraud.url },
  });
  const clients = [join(BUILDS.unwoven, 'traffic/main.js'), '--url', trades.url];
  traffic = spawn(process.execPath, [...clients, '--seconds', '600', '--rate', '60', '--seed', '7'], {
    cwd: EXAMPLE,
    stdio: 'ignore',
  });
}, 60_000);

afterAll(async () => {
  traffic.kill();
  await stage.close();
});

const overHttp = (): Transport =>
  new StreamableHTTPClientTransport(new URL('/mcp', stage.collector.url), {
    requestInit: { headers: { authorization: `Bearer ${stage.adminToken}` } },
  });

const overStdio = (): Transport =>
  new StdioClientTransport({
    command: process.execPath,
    args: [CLI, 'mcp'],
    env: { DORMOUSE_URL: stage.collector.url, DORMOUSE_ADMIN_TOKEN: stage.adminToken },
  });

it.each([
  ['streamable HTTP, current revision', overHttp, 'auto'],
  ['stdio, previous revision', overStdio, 'legacy'],
] as const)(
  'over %s, the symptom leads to the proof',
  async (_transport, connect, mode) => {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    await client.connect(connect());
    try {
      expect(await investigate(client)).toEqual({
        service: 'trades',
        file: 'src/trades/risk/risk-gate.ts',
        function: 'RiskGate.assess',
        cause: 'order.highValue',
        skipped: { type: 'string', value: '"true"' },
        scored: { type: 'boolean', value: 'true' },
        verdict: 'violated',
      });
    } finally {
      await client.close();
    }
  },
  120_000,
);

async function investigate(client: Client): Promise<object> {
  const ask = asker(client);
  const { messages } = await client.getPrompt({ name: 'investigate', arguments: { symptom: SYMPTOM } });
  expect(JSON.stringify(messages)).toContain(SYMPTOM);

  const { at, call } = await findDecision(ask);
  const parameter = Object.keys(call.variables).find((name) => name === 'order')!;
  const [order, returned] = await membersOf(ask, call.capture, [parameter, 'returned']);
  const amount = order!.find((name) => /amount/i.test(name))!;
  const score = returned!.find((name) => /score/i.test(name))!;
  const isLarge = `${parameter}.${amount} > 10000`;

  // Which way do those take that skip it, and which way the others?
  const wayOf = async (condition: string): Promise<string[]> =>
    (await evidenceOf(ask, { kind: 'path', ...at, condition: `${isLarge} && ${condition}`, hits: 1 }, 1))
      .captures[0]!.steps!;
  const [skips, scores] = [`$return?.${score} === null`, `typeof $return?.${score} === "number"`];
  const [skipping, scoring] = await Promise.all([wayOf(skips), wayOf(scores)]);
  const forks = skipping.filter((step) => {
    const same = scoring.find((other) => placeOf(other) === placeOf(step));
    return branchOf(step) === 'none' && branchOf(same ?? '') === 'then';
  });
  expect(forks, [...skipping, ...scoring].join('\n')).toHaveLength(1);

  // What do they have that the others have not?
  const snapshotOf = async (condition: string): Promise<string> => {
    const snapshot = { kind: 'snapshot', ...at, on: 'return', condition: `${isLarge} && ${condition}` };
    return (await evidenceOf(ask, snapshot, 3)).probe;
  };
  const probes = await Promise.all([skips, scores].map(snapshotOf));
  const candidates: Candidate[] = [];
  for (const member of order!) {
    const path = `${parameter}.${member}`;
    const { values } = await ask<Known>('known_values', { probes, path, with: `returned.${score}` });
    const [skipped, scored] = [values.filter(isSkipped), values.filter((value) => !isSkipped(value))];
    if (typesOf(skipped) !== typesOf(scored)) candidates.push({ path, skipped, scored });
  }

  // Some of it is chance. What is not is so in every call.
  const verdicts = await Promise.all(
    candidates.map(async ({ path, scored }) => {
      const goesWith = `(typeof ${path} === "${typesOf(scored)}") === ($return?.${score} !== null)`;
      const check = {
        kind: 'check',
        ...at,
        on: 'return',
        condition: isLarge,
        expect: goesWith,
        afterHits: 25,
      };
      const { probe } = await evidenceOf(ask, check, 1);
      return (await ask<Verdict>('check_verdict', { probe })).verdict;
    }),
  );
  const causes = candidates.filter((_, index) => verdicts[index] === 'holds');
  expect(causes.map(({ path }) => path)).toHaveLength(1);
  const [
    {
      path,
      skipped: [skipped],
      scored: [scored],
    },
  ] = causes as [Candidate];

  // The proof: what should always hold, and does not.
  const expectation = `typeof ${path} === "${scored!.type}"`;
  const check = await ask<Evidence>('place_probe', {
    kind: 'check',
    ...at,
    on: 'entry',
    condition: isLarge,
    expect: expectation,
  });
  const watched = await waitFor(ask, check.probe, 1);
  expect(watched.scope.summary).toMatch(/nothing is known of other times, processes and builds/);
  const proof = await ask<Verdict>('check_verdict', { probe: check.probe, paths: [path] });
  expect(proof.counterexamples[0]!.values![path]).toEqual({ type: skipped!.type, value: skipped!.value });
  const { ended } = await ask<{ ended: object[] }>('end_probes', {});
  expect(ended).not.toEqual([]);
  expect(await ask('list_probes', {})).toEqual({ probes: [], total: 0 });
  return {
    ...at,
    cause: path,
    skipped: { type: skipped!.type, value: skipped!.value },
    scored: { type: scored!.type, value: scored!.value },
    verdict: proof.verdict,
  };
}

interface Place {
  readonly service: string;
  readonly file: string;
  readonly function: string;
}

/** The function that knows both what the symptom is about and what it depends on; of several, one that runs. */
async function findDecision(ask: Ask): Promise<{ at: Place; call: Capture }> {
  const { services } = await ask<{ services: { service: string }[] }>('find_services', {});
  const named = services.filter(({ service }) => SYMPTOM.includes(service));
  for (const { service } of named) {
    const search = { service, search: 'fraud score amount' };
    const { functions } = await ask<{ functions: Code[] }>('find_code', search);
    for (const { file, function: name, calls } of functions) {
      if (calls !== 'all') continue;
      const at = { service, file, function: name };
      const call = await lookAt(ask, at);
      if (call !== undefined) return { at, call };
    }
  }
  throw new Error('No service runs such a function.');
}

/** What calls of a function look like, if it is on the way. */
async function lookAt(ask: Ask, at: Place): Promise<Capture | undefined> {
  const placed = await ask<Evidence>('place_probe', { kind: 'snapshot', ...at, on: 'return', hits: 1 });
  const isLoaded = placed.advice?.includes('until its file is loaded') !== true;
  const found = isLoaded ? await ask<Evidence>('wait_for_evidence', { probe: placed.probe }) : undefined;
  await ask('end_probes', { probes: [placed.probe] });
  return found?.captures[0];
}

async function evidenceOf(ask: Ask, probe: object, captures: number): Promise<Evidence> {
  const placed = await ask<Evidence>('place_probe', probe);
  expect(placed.advice ?? '').not.toMatch(/No process/);
  const found = await waitFor(ask, placed.probe, captures);
  await ask('end_probes', { probes: [placed.probe] });
  return found;
}

/** An agent asks again as long as the advice says that it may come yet. */
async function waitFor(ask: Ask, probe: string, captures: number): Promise<Evidence> {
  for (let tries = 0; tries < 5; tries++) {
    const found = await ask<Evidence>('wait_for_evidence', { probe, captures });
    if (found.reason !== 'timeout') return found;
  }
  throw new Error(`${probe} has no evidence.`);
}

async function membersOf(ask: Ask, capture: string, paths: string[]): Promise<string[][]> {
  const { values } = await ask<Capture>('read_capture', { capture, paths });
  return paths.map((path) => Object.keys(values![path]!.members ?? {}));
}

interface Candidate {
  readonly path: string;
  readonly skipped: Known['values'];
  readonly scored: Known['values'];
}

/** What `typeof` says where a property is not there. */
const typesOf = (values: Known['values']): string =>
  values.length === 0 ? 'undefined' : [...new Set(values.map(({ type }) => type))].join();

const isSkipped = (value: { with: string }): boolean => value.with === 'null';
const placeOf = (step: string): string => step.split(' ', 1)[0]!;
const branchOf = (step: string): string | undefined => /\(branch: (\w+)\)/.exec(step)?.[1];

type Ask = <Answer>(tool: string, input: object) => Promise<Answer>;

/** Asks a tool; what it refuses fails the test. */
function asker(client: Client): Ask {
  return async <Answer>(name: string, input: object): Promise<Answer> => {
    const { isError, structuredContent, content } = await client.callTool({
      name,
      arguments: input as Record<string, unknown>,
    });
    expect(isError, JSON.stringify(content)).toBeFalsy();
    return structuredContent as Answer;
  };
}

interface Code {
  readonly file: string;
  readonly function: string;
  readonly calls: string;
}

interface Capture {
  readonly capture: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly steps?: string[];
  readonly values?: Readonly<Record<string, { type: string; value: string; members?: object }>>;
}

interface Evidence {
  readonly probe: string;
  readonly reason?: string;
  readonly advice?: string;
  readonly captures: readonly Capture[];
  readonly scope: { readonly summary: string };
}

interface Known {
  readonly values: readonly { type: string; value: string; with: string }[];
}

interface Verdict {
  readonly verdict: string;
  readonly counterexamples: readonly Capture[];
}
