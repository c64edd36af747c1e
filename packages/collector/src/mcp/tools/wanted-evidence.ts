import { z } from 'zod';
import { MCP_LIMITS } from '../limits.js';

/** Parameters that tools which show evidence share. */

export const probe = z.string().min(1).meta({ description: 'Its id, `p_…`.' });

export const group = z.string().min(1).meta({ description: 'A debug session: its id, `g_…`.' }).optional();

export const limit = z
  .int()
  .min(1)
  .max(MCP_LIMITS.maxCaptures)
  .meta({ description: 'Captures to show, newest first.' })
  .default(MCP_LIMITS.captures);

export const paths = z
  .array(z.string().min(1).max(500))
  .max(MCP_LIMITS.paths)
  .meta({
    description:
      'Values to show whole: `order.items[0].sku`, `this.limit`, `returned.score`, `threw.message`, or the text of a watch.',
  })
  .optional();
