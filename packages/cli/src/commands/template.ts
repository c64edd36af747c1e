import { readFileSync } from 'node:fs';

import type { TemplateRequest } from '@dormouse/protocol';

import { parsePairs } from '../ask/pairs.js';
import { parseCount } from '../ask/quantity.js';
import { actionNamed } from '../command/action.js';
import { defineCommand, type Invocation, type Options } from '../command/command.js';
import { UsageError } from '../failure.js';
import { renderProbe } from '../render/probe.js';
import { renderTemplate, renderTemplates } from '../render/template.js';

const OPTIONS = {
  set: { type: 'string', value: 'NAME=VALUE', multiple: true, summary: 'place: the value of a parameter' },
  at: { type: 'string', value: 'VERSION', summary: 'show, place: of this version; default: the latest' },
  group: { type: 'string', value: 'ID', summary: 'place: make it a probe of this group' },
  probe: { type: 'string', value: 'ID', values: 'probes', summary: 'save: what this probe asks for' },
} as const satisfies Options;

type Asked = Invocation<typeof OPTIONS>;

/** What the first argument asks for. */
const ACTIONS: Readonly<Record<string, (asked: Asked, name: string, file?: string) => Promise<void>>> = {
  async show({ client, values, answer }, name) {
    const template = await client.template(name, versionOf(values));
    answer(template, (style) => renderTemplate(template, style));
  },
  async save({ client, values: { probe }, answer }, name, file) {
    if ((probe === undefined) === (file === undefined))
      throw new UsageError('Say what: a file, or --probe ID.');
    const request = file === undefined ? { probe: probe! } : readTemplate(file);
    const template = await client.saveTemplate(name, request);
    answer(template, (style) => renderTemplate(template, style));
  },
  async place({ client, values, answer }, name) {
    const { set = [], group } = values;
    const version = versionOf(values);
    const probe = await client.placeTemplate(name, {
      ...(version !== undefined && { version }),
      values: parsePairs('--set', set),
      ...(group !== undefined && { changes: { group } }),
    });
    answer(probe, (style) => renderProbe(probe, style));
  },
  async remove({ client, answer, note }, name) {
    const template = await client.removeTemplate(name);
    answer(template, () => '');
    note('Removed, with all its versions; probes that were placed by it stay.');
  },
};

export const command = defineCommand({
  positionals: [
    {
      name: 'ACTION',
      values: ['list', ...Object.keys(ACTIONS)],
      summary: 'list (default), show, save, place or remove',
      optional: true,
    },
    { name: 'NAME', summary: 'of the template', optional: true },
    { name: 'FILE', summary: 'save: JSON with its request and parameters', optional: true },
  ],
  options: OPTIONS,
  notes: `Examples
  dormouse template save large-trades large-trades.json
  dormouse template save slow-settle --probe p_2x8k4m9q1z
  dormouse template place large-trades --set limit=50000 --set symbol=ACME
  dormouse template show large-trades --at 2

large-trades.json
  { "description": "Trades over a limit",
    "parameters": { "limit": { "type": "number", "default": 10000 }, "symbol": { "type": "text" } },
    "request": { "kind": "snapshot", "service": "trades", "location": { "file": "src/risk.ts", "line": 42 },
                 "condition": "amount > @{limit} && order.symbol === @{symbol}" } }`,
  async run(invocation) {
    const [action = 'list', name, file] = invocation.positionals;
    if (action === 'list') {
      const templates = await invocation.client.templates();
      invocation.answer({ templates }, (style) => renderTemplates(templates, style));
      if (templates.length === 0) invocation.note('No templates.');
      return;
    }
    const act = actionNamed(ACTIONS, action, ['list']);
    if (name === undefined) throw new UsageError('Say which: the name of a template.');
    await act(invocation, name, file);
  },
});

const versionOf = ({ at }: { readonly at?: string }): number | undefined =>
  at === undefined ? undefined : parseCount('at', at);

function readTemplate(file: string): TemplateRequest {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TemplateRequest;
  } catch (error) {
    throw new UsageError(`${file} cannot be read as a template: ${(error as Error).message}.`);
  }
}
