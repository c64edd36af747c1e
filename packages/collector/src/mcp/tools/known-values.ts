import type { CaptureView } from '@dormouse/protocol';
import { z } from 'zod';
import { Refused, type Api } from '../api.js';
import { describe } from '../../captures/describe.js';
import { NOTICE, notice } from '../evidence/notice.js';
import { placeOf } from '../evidence/probe-state.js';
import { scopeOf } from '../evidence/scope.js';
import { valueAt } from '../../captures/value-path.js';
import { MCP_LIMITS, SHOWN } from '../limits.js';
import { defineTool, READS_EVIDENCE } from '../tool.js';
import { group, probe } from './wanted-evidence.js';

/** Captures of one page. */
const PAGE = 100;
/** Probes that are named. */
const NAMED_PROBES = 10;
/** Captures that are named for a value. */
const NAMED = 3;

const known = z.object({
  type: z.string(),
  value: z.string().meta({ description: 'Quoted where it is a string: `"true"` is no boolean.' }),
  with: z.string().meta({ description: 'The value of `with` in the same captures.' }).optional(),
  count: z.number(),
  places: z.array(z.string()),
  captures: z.array(z.string()).meta({ description: `Ids of the newest ${NAMED}.` }),
});

type Known = z.output<typeof known>;

export const knownValues = defineTool({
  name: 'known_values',
  title: 'List what is known about a value',
  description:
    'All distinct values that captures have at a path, with their types and how often: of some probes, of a debug session, or of all ' +
    'probes of a service, other people’s too. With `with`, each together with the value of a second path, to see what goes with what. ' +
    'Ask this before placing another probe.',
  annotations: READS_EVIDENCE,
  input: z.object({
    path: z.string().min(1).max(500).meta({ description: '`order.highValue`; or the text of a watch.' }),
    with: z.string().min(1).max(500).meta({ description: 'A second path: `returned.score`.' }).optional(),
    probes: z
      .array(probe)
      .min(1)
      .max(MCP_LIMITS.probes)
      .meta({ description: 'Those of failing calls and those of good ones, for example.' })
      .optional(),
    group,
    service: z.string().min(1).meta({ description: 'Instead of probes.' }).optional(),
  }),
  output: z.object({
    notice,
    values: z.array(known).meta({ description: 'Most frequent first.' }),
    more: z.number().meta({ description: 'Distinct values that are not shown.' }),
    searched: z.number().meta({
      description: `Captures looked at: of each probe, or of the service, the newest ${MCP_LIMITS.searchedCaptures}.`,
    }),
    without: z.number().meta({ description: 'Of these, those that have nothing at the path.' }),
    probes: z
      .array(z.object({ probe: z.string(), condition: z.string().optional(), scope: z.string() }))
      .meta({ description: `Whose captures they are; at most ${NAMED_PROBES}.` }),
    note: z.string(),
  }),
  async run({ api }, { path, with: second, probes, group: session, service }) {
    if ([probes, session, service].filter((one) => one !== undefined).length !== 1) {
      const message = 'Give probes, a group or a service.';
      throw new Refused({ code: 'INVALID_REQUEST', message, path: 'probes' });
    }
    const filters: readonly Filter[] = probes?.map((id) => ({ probe: id })) ?? [{ group: session, service }];
    const captures = (await Promise.all(filters.map((filter) => newest(api, filter)))).flat();
    const { values, without } = groupBy(captures, path, second);
    return {
      notice: NOTICE,
      values: values.slice(0, SHOWN.distinctValues),
      more: Math.max(0, values.length - SHOWN.distinctValues),
      searched: captures.length,
      without,
      probes: await sourcesOf(api, captures),
      note: noteOn(captures, path, values.length),
    };
  },
});

/** The probes that captures are of, with what each of them stands for. */
async function sourcesOf(api: Api, captures: readonly CaptureView[]) {
  const ids = [...new Set(captures.map((capture) => capture.probe))].slice(0, NAMED_PROBES);
  const views = await Promise.all(ids.map((id) => api.probe(id)));
  return views.map((view) => ({
    probe: view.id,
    ...(view.condition !== undefined && { condition: view.condition }),
    scope: scopeOf(view).summary,
  }));
}

/** One probe, debug session or service. */
type Filter = Pick<Parameters<Api['captures']>[0], 'probe' | 'group' | 'service'>;

async function newest(api: Api, filter: Filter): Promise<CaptureView[]> {
  const found: CaptureView[] = [];
  let after: string | undefined;
  do {
    const page = await api.captures({ ...filter, order: 'newest', limit: PAGE, after });
    found.push(...page.captures);
    after = page.next;
  } while (after !== undefined && found.length < MCP_LIMITS.searchedCaptures);
  return found;
}

function groupBy(
  captures: readonly CaptureView[],
  path: string,
  second: string | undefined,
): { values: Known[]; without: number } {
  const groups = new Map<string, Known>();
  let without = 0;
  for (const capture of captures) {
    const found = valueAt(capture, path);
    if ('missing' in found) {
      without++;
      continue;
    }
    const value = describe(found.value);
    const beside = second === undefined ? undefined : describeAt(capture, second);
    const key = JSON.stringify([found.value.type, value, beside]);
    const group = groups.get(key) ?? {
      type: found.value.type,
      value,
      ...(beside !== undefined && { with: beside }),
      count: 0,
      places: [],
      captures: [],
    };
    groups.set(key, add(group, capture));
  }
  return { values: [...groups.values()].sort((a, b) => b.count - a.count), without };
}

function add(group: Known, capture: CaptureView): Known {
  return {
    ...group,
    count: group.count + 1,
    places: [...new Set([...group.places, placeOf(capture)])],
    captures: group.captures.length < NAMED ? [...group.captures, capture.id] : group.captures,
  };
}

function describeAt(capture: CaptureView, path: string): string {
  const found = valueAt(capture, path);
  return 'missing' in found ? `[${found.missing}]` : describe(found.value);
}

function noteOn([newest]: readonly CaptureView[], path: string, values: number): string {
  if (newest === undefined) return 'There are no captures: place a snapshot where the value is in scope.';
  if (values === 0) {
    const found = valueAt(newest, path);
    const reason = 'missing' in found ? ` Of the newest: ${found.missing}.` : '';
    return `None of the captures has it.${reason}`;
  }
  return 'Captures are hits for which conditions held, up to the limits of their probes: how often a value is here is not how often it is in the program.';
}
