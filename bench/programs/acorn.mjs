import { parse } from 'acorn';
import { read } from './corpus.mjs';

const options = { ecmaVersion: 'latest', locations: true };

export const first = () => parse('const a = b => b ** 2;', options).body.length;

const code = read('lodash/lodash.js');
export const work = () => parse(code, options).body.length;
