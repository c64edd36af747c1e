import { z } from 'zod';
import { Refused } from '../api.js';
import { defineTool, type ToolContext } from '../tool.js';
import { group } from './wanted-evidence.js';

export const endProbes = defineTool({
  name: 'end_probes',
  title: 'End your probes',
  description:
    'Disarms probes that you have placed, some, those of a debug session or all, in every process; what they captured stays. End a probe as soon as ' +
    'it has answered, and all of them when you are done. Probes of others cannot be ended here.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.object({
    probes: z.array(z.string().min(1)).max(100).meta({ description: 'Without it: all of yours.' }).optional(),
    group,
  }),
  output: z.object({
    ended: z.array(z.object({ probe: z.string(), endCause: z.string().optional(), hits: z.number() })),
  }),
  async run(context, { probes, group: session }) {
    const ids = probes ?? (await ownActive(context, session));
    for (const id of ids) await requireOwn(context, id);
    const ended = await Promise.all(ids.map((id) => context.api.removeProbe(id)));
    if (probes === undefined) await endSessions(context, session);
    return {
      ended: ended.map(({ id, endCause, hits }) => ({
        probe: id,
        ...(endCause !== undefined && { endCause }),
        hits,
      })),
    };
  },
});

const ownActive = async ({ api, owner }: ToolContext, group: string | undefined): Promise<string[]> =>
  (await api.probes({ group, state: 'active' })).filter((probe) => probe.owner === owner).map(({ id }) => id);

/** One debug session or all that the caller has begun; those go on in which people still have probes. */
async function endSessions({ api, owner }: ToolContext, wanted: string | undefined): Promise<void> {
  const over = (await api.groups({ state: 'active' })).filter(
    ({ id, owner: of, active }) => of === owner && active === 0 && (wanted ?? id) === id,
  );
  await Promise.all(over.map(({ id }) => api.endGroup(id)));
}

/** @throws {Refused} FORBIDDEN */
async function requireOwn({ api, owner }: ToolContext, id: string): Promise<void> {
  const probe = await api.probe(id);
  if (probe.owner === owner) return;
  throw new Refused({
    code: 'FORBIDDEN',
    message: `${id} was not placed by you. Its owner, or a person, can end it.`,
    path: 'probes',
  });
}
