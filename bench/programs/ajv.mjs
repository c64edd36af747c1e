import { Ajv } from 'ajv';

const schema = (n) => ({
  type: 'object',
  properties: {
    id: { type: 'integer', minimum: n },
    name: { type: 'string', minLength: 1, maxLength: 80, pattern: '^[A-Z]' },
    tags: { type: 'array', items: { enum: ['a', 'b', 'c'] }, uniqueItems: true },
    choice: { oneOf: [{ type: 'null' }, { type: 'object', required: ['x'] }] },
    next: { $ref: '#' },
  },
  required: ['id', 'name'],
  additionalProperties: false,
});
const value = { id: 9, name: 'Wren', tags: ['a', 'c'], choice: null, next: { id: 3, name: 'Owl' } };

export const first = () => new Ajv().compile(schema(1))(value);

/** Compiling is the woven part: what it generates is no file. */
export function work() {
  let valid = 0;
  for (let n = 0; n < 8; n++) if (new Ajv().compile(schema(n))(value)) valid++;
  return valid;
}
