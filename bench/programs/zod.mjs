import { z } from 'zod';

const schema = () =>
  z.object({
    id: z.number().int().positive(),
    tags: z.array(z.enum(['a', 'b'])).min(1),
    choice: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('x'), n: z.number() }),
      z.object({ kind: z.literal('y'), s: z.string().email() }),
    ]),
    deep: z.record(z.string(), z.tuple([z.number(), z.string().optional()])).default({}),
  });
const good = { id: 1, tags: ['a'], choice: { kind: 'y', s: 'a@b.org' }, deep: { a: [1, 'b'] } };
const bad = { id: -1, tags: [], choice: { kind: 'x', n: 'no' }, deep: { a: ['b'] } };

export const first = () => Number(schema().safeParse(good).success);

const row = schema();
export function work() {
  let right = 0;
  for (let n = 0; n < 400; n++) if (row.safeParse(n % 4 ? good : bad).success) right++;
  return right;
}
