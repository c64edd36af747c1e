import { marked } from 'marked';
import { read } from './corpus.mjs';

export const first = () => marked.parse('# a\n\n* b `c` [d](e)\n').length;

const text =
  read('luxon/README.md') + read('marked/README.md') + read('ajv/README.md') + read('terser/README.md');
export const work = () => marked.parse(text).length;
