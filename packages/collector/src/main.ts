#!/usr/bin/env node
import { AGENT_PATH, API_PREFIX } from '@dormouse/protocol';
import { startCollector, type Collector } from './collector.js';
import { HELP, readCommandLine, type CommandLine } from './command-line.js';
import { StartError } from './start-error.js';
import { stopOnSignal } from './stop-on-signal.js';
import { DEFAULT_DATA_FOLDER } from './storage/open.js';
import { restoreSqlite } from './storage/sqlite/restore.js';

const asksForJson = process.argv.includes('--json');

try {
  const line = readCommandLine(process.argv.slice(2), process.env, process.stderr.isTTY);
  const { options, json, help, restore } = line;
  if (help) process.stdout.write(HELP);
  else if (restore !== undefined) tell(json, restoreInto(options.data ?? DEFAULT_DATA_FOLDER, restore));
  else run(await startCollector(options), json);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

function restoreInto(data: string, { file, replace }: NonNullable<CommandLine['restore']>) {
  return { data, restored: file, ...restoreSqlite(file, data, replace) };
}

function tell(json: boolean, result: ReturnType<typeof restoreInto>): void {
  const { data, restored, kept } = result;
  const former = kept === undefined ? '' : ` What was there is ${kept} now.`;
  process.stdout.write(
    json ? `${JSON.stringify(result)}\n` : `Restored ${restored} into ${data}.${former}\n`,
  );
}

function explain(error: unknown): string {
  const isExpected = error instanceof StartError;
  const { message, stack } = error as Error;
  if (!asksForJson) return isExpected ? message : (stack ?? String(error));
  return JSON.stringify({ error: { code: isExpected ? 'CANNOT_START' : 'INTERNAL', message } });
}

function run(collector: Collector, json: boolean): void {
  stopOnSignal(collector);
  process.stdout.write(json ? asJson(collector) : asText(collector));
}

function asJson({ url, adminToken, agentToken }: Collector): string {
  return `${JSON.stringify({ url, adminToken, agentToken })}\n`;
}

function asText({ url, adminToken, agentToken }: Collector): string {
  const lines = [`Dormouse collector at ${url}`];
  if (adminToken !== undefined || agentToken !== undefined) {
    lines.push('', '  These tokens are shown once and stored nowhere. Keep them now.', '');
    if (adminToken !== undefined) lines.push(`  admin token  ${adminToken}   for people: ${API_PREFIX}`);
    if (agentToken !== undefined) lines.push(`  agent token  ${agentToken}   for services: ${AGENT_PATH}`);
    lines.push('', '  Lost one? Start with --rotate-tokens.');
  }
  return `${lines.join('\n')}\n\n`;
}
