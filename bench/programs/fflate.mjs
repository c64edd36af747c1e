import { deflateSync, inflateSync, strToU8 } from 'fflate';
import { read } from './corpus.mjs';

export const first = () => inflateSync(deflateSync(strToU8('abc'.repeat(100)))).length;

const data = strToU8(read('lodash/lodash.js').slice(0, 200_000));
export const work = () => inflateSync(deflateSync(data, { level: 6 })).length;
