#!/usr/bin/env node
import { AGENT_PATH, API_PREFIX } from '@dormouse/protocol';
import { startCollector, type Collector } from './collector.js';
import { HELP, readCommandLine } from './command-line.js';
import { StartError } from './start-error.js';
import { stopOnSignal } from './stop-on-signal.js';

try {
  const { options, json, help } = readCommandLine(process.argv.slice(2), process.env, process.stderr.isTTY);
  if (help) process.stdout.write(HELP);
  else run(await startCollector(options), json);
} catch (error) {
  const expected = error instanceof StartError;
  process.stderr.write(`${expected ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
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
