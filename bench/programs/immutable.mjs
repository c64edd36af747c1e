import { List, Map, Set, fromJS } from 'immutable';

function collections(count) {
  let map = Map();
  for (let n = 0; n < count; n++) map = map.set(`key${n % 997}`, n).update('total', 0, (sum) => sum + n);
  const list = List(map.values())
    .map((n) => n * 2)
    .filter((n) => n % 3)
    .sortBy((n) => -n);
  const nested = fromJS({ a: { b: [1, { c: 2 }] } });
  let deep = nested;
  for (let n = 0; n < count; n++) deep = deep.setIn(['a', 'b', 1, 'c'], n).mergeIn(['a'], { [n % 10]: n });
  return list.size + Set(list).union(map.keySeq()).size + deep.getIn(['a', 'b', 1, 'c']) + deep.hashCode();
}

export const first = () => collections(2);
export const work = () => collections(5_000);
