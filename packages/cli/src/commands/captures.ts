import { parseMoment } from '../ask/moment.js';
import { parseCount } from '../ask/quantity.js';
import { exportCaptures, readCaptures } from '../client/capture-file.js';
import type { CaptureSearch } from '../client/client.js';
import { actionNamed } from '../command/action.js';
import { defineCommand, type Invocation, type Values } from '../command/command.js';
import { UsageError } from '../failure.js';
import { renderCaptures } from '../render/captures.js';
import { describeScope, renderComparison, renderImports, renderRetention } from '../render/evidence.js';
import { count, escapeUnsafe } from '../render/text.js';

const OPTIONS = {
  probe: { type: 'string', value: 'ID', values: 'probes', summary: 'Only of this probe' },
  service: { type: 'string', value: 'NAME', values: 'services', summary: 'Only of this service' },
  group: { type: 'string', value: 'ID', summary: 'Only of the probes of this group' },
  kind: { type: 'string', value: 'KIND', summary: 'Only snapshots, logs, checks, …' },
  trace: { type: 'string', value: 'ID', summary: 'Only of this trace' },
  instance: { type: 'string', value: 'ID', values: 'instances', summary: 'Only of this process' },
  build: { type: 'string', value: 'ID', summary: 'Only of this build' },
  from: { type: 'string', value: 'TIME', summary: 'That came since then: 2026-11-21, 2026-11-21T09:00Z, 2h' },
  to: { type: 'string', value: 'TIME', summary: 'That came before' },
  text: {
    type: 'string',
    value: 'TEXT',
    summary: 'With this text in a value, a name, a message or the stack',
  },
  import: { type: 'string', value: 'ID', summary: 'Those that came with this import' },
  limit: { type: 'string', value: 'N', summary: 'At most this many; default 50, or 200 differences' },
  oldest: { type: 'boolean', summary: 'Oldest first; default: newest first' },
  after: { type: 'string', value: 'CURSOR', summary: 'Go on where an earlier list ended' },
} as const;

type Asked = Pick<Invocation<typeof OPTIONS>, 'client' | 'answer' | 'note'> & {
  readonly values: Values<typeof OPTIONS>;
  readonly rest: readonly string[];
};

/** What the first argument asks for. */
const ACTIONS: Readonly<Record<string, (asked: Asked) => Promise<void>>> = {
  list,
  search: list,
  diff,
  export: exportTo,
  import: importFrom,
  imports,
  forget,
  kept,
};

export const command = defineCommand({
  positionals: [
    {
      name: 'ACTION',
      values: Object.keys(ACTIONS),
      summary: 'list (default), search, diff, export, import, imports, forget or kept',
      optional: true,
    },
    {
      name: 'WHAT',
      summary: 'search, export: conditions on values; diff: two ids; import: a file; forget: an import',
      optional: true,
      many: true,
    },
  ],
  options: OPTIONS,
  notes: `Examples
  dormouse captures --probe p_2x8k4m9q1z
  dormouse captures search 'order.total > 100' '!order.discount' --service trades --from 2h
  dormouse captures search --text 'ORD-4711' --trace 0af7651916cd43dd8448eb211c80319c
  dormouse captures diff 5f3c…-12 5f3c…-13           # what the second has otherwise
  dormouse captures export incident.jsonl.gz --group g_9f2c41d07a3b
  dormouse captures import incident.jsonl.gz
  dormouse captures --import import_9f2c41d07a3b     # what came with it
  dormouse captures kept                             # how much there is, and for how long

A condition is a path, an operator (= != < <= > >= contains) and a 'text', a number, true, false, null or undefined; a path
alone means that the value is there, !path that it is not. What is redacted or was not captured decides nothing.`,
  async run({ client, values, positionals: [action = 'list', ...rest], answer, note }) {
    return actionNamed(ACTIONS, action)({ client, values, rest, answer, note });
  },
});

async function list({ client, values, rest, answer, note }: Asked): Promise<void> {
  const { after, oldest, limit = '50' } = values;
  const order = oldest === true ? 'oldest' : 'newest';
  const asked = searched(values, rest);
  const page = await client.captures({ ...asked, order, after, limit: parseCount('limit', limit) });
  answer(page, (style) => renderCaptures(page.captures, style));
  if (page.captures.length === 0) note('No captures.');
  if (page.scope.examined > page.captures.length) note(describeScope(page.scope));
  if (page.next !== undefined) note(`There are more: --after ${escapeUnsafe(page.next)}`);
}

async function diff({ client, values: { limit }, rest: [from, to], answer }: Asked): Promise<void> {
  if (from === undefined || to === undefined) throw new UsageError('Say the ids of two captures.');
  const most = limit === undefined ? undefined : parseCount('limit', limit);
  const comparison = await client.compareCaptures(from, to, most);
  answer(comparison, (style) => renderComparison(comparison, style));
}

async function exportTo({ client, values, rest: [path, ...where], answer, note }: Asked): Promise<void> {
  if (path === undefined) throw new UsageError('Say the file to write, such as captures.jsonl.gz.');
  const captures = await exportCaptures(client, searched(values, where), path);
  answer({ file: path, captures }, () => escapeUnsafe(path));
  note(`${count(captures, 'capture')} written.`);
}

async function importFrom({ client, rest: [path], answer, note }: Asked): Promise<void> {
  if (path === undefined) throw new UsageError('Say the file to import.');
  const details = await client.importCaptures(await readCaptures(path));
  answer(details, (style) => renderImports([details], style));
  note(`"dormouse captures --import ${escapeUnsafe(details.id)}" lists them.`);
}

async function imports({ client, answer, note }: Asked): Promise<void> {
  const found = await client.imports();
  answer({ imports: found }, (style) => renderImports(found, style));
  if (found.length === 0) note('Nothing was imported.');
}

async function forget({ client, rest: [id], answer, note }: Asked): Promise<void> {
  if (id === undefined)
    throw new UsageError('Say the id of an import, as "dormouse captures imports" lists it.');
  const { probes: _probes, builds: _builds, ...view } = await client.deleteImport(id);
  answer(view, (style) => renderImports([view], style));
  note('Deleted.');
}

async function kept({ client, answer }: Asked): Promise<void> {
  const retention = await client.retention();
  answer(retention, (style) => renderRetention(retention, style));
}

/** What options and conditions search for. */
function searched(values: Values<typeof OPTIONS>, where: readonly string[]): CaptureSearch {
  const { probe, service, group, kind, trace, instance, build, from, to, text } = values;
  return {
    probe,
    service,
    group,
    kind,
    instance,
    text,
    import: values.import,
    traceId: trace,
    buildId: build,
    from: from === undefined ? undefined : parseMoment('from', from),
    to: to === undefined ? undefined : parseMoment('to', to),
    where: where.length === 0 ? undefined : where,
  };
}
