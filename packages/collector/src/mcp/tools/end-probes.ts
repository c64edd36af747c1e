import { z } from 'zod';
import { Refused } from '../api.js';
import { defineTool, type ToolContext } from '../tool.js';

export const endProbes = defineTool({
  name: 'end_probes',
  title: 'End your probes',
  description:
    'Disarms probes that you have placed, some or all, in every process; what they captured stays. End a probe as soon as ' +
    'it has answered, and all of them when you are done. Probes of others cannot be ended here.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.object({
    probes: z.array(z.string().min(1)).max(100).meta({ description: 'Without it: all of yours.' }).optional(),
  }),
  output: z.object({
    ended: z.array(z.object({ probe: z.string(), endCause: z.string().optional(), hits: z.number() })),
  }),
  async run(context, { probes }) {
    const ids = probes ?? (await ownActive(context));
    for (const id of ids) await requireOwn(context, id);
    const ended = await Promise.all(ids.map((id) => context.api.removeProbe(id)));
    return {
      ended: ended.map(({ id, endCause, hits }) => ({
        probe: id,
        ...(endCause !== undefined && { endCause }),
        hits,
      })),
    };
  },
});

const ownActive = async ({ api, owner }: ToolContext): Promise<string[]> =>
  (await api.probes({ state: 'active' })).filter((probe) => probe.owner === owner).map(({ id }) => id);

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
