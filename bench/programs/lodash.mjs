import _ from 'lodash';

const people = Array.from({ length: 2_000 }, (_unused, n) => ({
  id: n,
  name: `name ${n % 100}`,
  age: n % 80,
  tags: [`t${n % 7}`, `t${n % 11}`],
  address: { city: `city ${n % 13}`, zip: n },
}));

function query(rows) {
  const groups = _(rows)
    .filter({ name: 'name 7' })
    .concat(rows)
    .orderBy(['age', 'address.city'], ['desc', 'asc'])
    .groupBy('address.city')
    .mapValues((group) => _.sumBy(group, 'age'))
    .value();
  const copy = _.cloneDeep(rows.slice(0, 300));
  const merged = _.merge({}, ...copy.slice(0, 50), { address: { zip: 1 } });
  return (
    _.size(groups) +
    _.uniq(_.flatMap(rows, 'tags')).length +
    Number(_.isEqual(copy, rows.slice(0, 300))) +
    _.get(merged, 'address.zip') +
    _.camelCase(rows[0].name).length
  );
}

export const first = () => query(people.slice(0, 2));
export const work = () => query(people);
