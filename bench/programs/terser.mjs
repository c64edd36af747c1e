import { minify_sync } from 'terser';
import { read } from './corpus.mjs';

export const first = () => minify_sync('function f(first) { return first + 1 }').code.length;

const code = read('mustache/mustache.js') + read('handlebars/dist/cjs/handlebars/base.js');
export const work = () => minify_sync(code).code.length;
