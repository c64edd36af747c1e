import { z } from 'zod';

/** What the caller may not read. */
export const withheld = z
  .literal('values')
  .meta({ description: 'The caller may not read captured values: what there is instead tells their types.' });
