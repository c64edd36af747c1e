import { parse } from '@babel/parser';
import { read } from './corpus.mjs';

export const first = () => parse('const a = b => b ** 2;').program.body.length;

const code = read('handlebars/dist/handlebars.js') + read('acorn/dist/acorn.js');
export const work = () => parse(code).program.body.length;
