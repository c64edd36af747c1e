import Mustache from 'mustache';

const SOURCE =
  '{{#rows}}<li>{{name}} {{{raw}}} {{#inner}}{{a}}{{^b}}none{{/b}}{{/inner}}{{>part}}</li>{{/rows}}';
const rows = Array.from({ length: 50 }, (_, n) => ({
  name: `<${n}>`,
  raw: '&',
  inner: [{ a: n }, { a: 1, b: 2 }],
}));

function page(count) {
  let length = 0;
  for (let n = 0; n < count; n++) {
    if (n % 5 === 0) Mustache.clearCache();
    length += Mustache.render(SOURCE, { rows }, { part: '<i>{{name}}</i>' }).length;
  }
  return length;
}

export const first = () => page(1);
export const work = () => page(50);
