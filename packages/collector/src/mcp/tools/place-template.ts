import type { ProbeKind, TemplateView } from '@dormouse/protocol';
import { z } from 'zod';
import { isMetric } from '../../metrics/kinds.js';
import { probeState } from '../evidence/probe-state.js';
import { MCP_LIMITS } from '../limits.js';
import { defineTool } from '../tool.js';
import { place } from './placing.js';
import { expiresInS, hits } from './probe-input.js';
import { session, sessionOf } from './session.js';

export const placeTemplate = defineTool({
  name: 'place_template',
  title: 'Place a saved probe',
  description: 'Places a probe by one of the templates of list_templates, as place_probe does.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.object({
    template: z.string().min(1).meta({ description: 'Its name.' }),
    values: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .meta({ description: 'Of its parameters, by name; those with a default may be left out.' })
      .optional(),
    group: session,
    hits,
    expiresInS,
  }),
  output: probeState,
  async run(context, { template: name, values = {}, group, ...asked }) {
    const { api, owner } = context;
    const template = await api.template(name);
    return place(context, async () => {
      const limits = limitsOf(template, asked);
      const changes = { owner, limits, ...(await sessionOf(context, group)) };
      return api.placeTemplate(name, { version: template.version, values, changes });
    });
  },
});

/** Those of the template, where they are not more than an agent may have. */
function limitsOf(
  { request }: TemplateView,
  asked: { readonly hits?: number | undefined; readonly expiresInS: number },
): { readonly expiresInMs: number; readonly hits?: number } {
  const kind = request['kind'] as ProbeKind;
  const expiresInMs = asked.expiresInS * 1_000;
  if (isMetric(kind)) return { expiresInMs };
  const { hits: own } = (request['limits'] ?? {}) as { readonly hits?: unknown };
  const saved = typeof own === 'number' ? Math.min(own, MCP_LIMITS.maxHits) : MCP_LIMITS.hits[kind];
  return { expiresInMs, hits: asked.hits ?? saved };
}
