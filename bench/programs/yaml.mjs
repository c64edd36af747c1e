import { parse, stringify } from 'yaml';

const documents = (count) =>
  Array.from({ length: count }, (_, n) => ({
    id: n,
    text: 'line\nline\n',
    list: [1, 'two', { three: [null, true, 3.5] }],
    map: { 'a b': `x: ${n}`, date: '2026-01-01' },
  }));
const roundTrip = (value) => JSON.stringify(parse(stringify(value)));

export const first = () => roundTrip(documents(1));

const many = documents(60);
export const work = () => roundTrip(many);
