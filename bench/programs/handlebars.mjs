import Handlebars from 'handlebars';

const SOURCE = `{{#each rows}}<li class="{{kind}}">{{@index}} {{name}}{{#if (lookup ../flags kind)}} <b>{{price}}</b>
{{else}}{{> small}}{{/if}}{{#with owner}}{{first}} {{last}}{{/with}}</li>{{/each}}`;
const rows = Array.from({ length: 40 }, (_, n) => ({
  name: `row <${n}>`,
  kind: n % 3 ? 'odd' : 'even',
  price: n * 1.5,
  owner: { first: 'A', last: 'B' },
}));

function page(count) {
  const handlebars = Handlebars.create();
  handlebars.registerPartial('small', '<small>{{price}}</small>');
  const template = handlebars.compile(SOURCE);
  let length = 0;
  for (let n = 0; n < count; n++) length += template({ rows, flags: { odd: true } }).length;
  return length;
}

export const first = () => page(1);
export const work = () => page(20);
