import type { TemplateView } from '@dormouse/protocol';
import { z } from 'zod';
import { defineTool, READS } from '../tool.js';

const template = z.object({
  template: z.string().meta({ description: 'Its name.' }),
  description: z.string().optional(),
  service: z.string().meta({ description: 'If it is for one service.' }).optional(),
  asks: z.string().meta({ description: 'The request: JSON, with @{parameters} in it.' }),
  parameters: z.record(
    z.string(),
    z.object({
      type: z.string(),
      description: z.string().optional(),
      default: z.union([z.string(), z.number(), z.boolean()]).optional(),
    }),
  ),
});

/** Templates of one answer. */
const MOST = 20;

export const listTemplates = defineTool({
  name: 'list_templates',
  title: 'List saved probes',
  description:
    'Probes that people have found worth saving, with parameters: what an experienced colleague would ask first.',
  annotations: READS,
  input: z.object({
    search: z
      .string()
      .min(1)
      .meta({ description: 'Part of the name, the description or the request.' })
      .optional(),
  }),
  output: z.object({ templates: z.array(template), total: z.number() }),
  async run({ api }, { search = '' }) {
    const wanted = search.toLowerCase();
    const found = (await api.templates()).filter((view) =>
      JSON.stringify([view.name, view.description, view.request]).toLowerCase().includes(wanted),
    );
    return { templates: found.slice(0, MOST).map(summarise), total: found.length };
  },
});

const summarise = ({
  name,
  description,
  service,
  request,
  parameters,
}: TemplateView): z.output<typeof template> => ({
  template: name,
  ...(description !== undefined && { description }),
  ...(service !== undefined && { service }),
  asks: JSON.stringify(request),
  parameters: { ...parameters },
});
