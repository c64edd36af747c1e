/** Loops over lists on the hit path, without the methods and iterators that a program may have replaced. */

export function mapList<Item, Result>(
  list: readonly Item[],
  make: (item: Item, index: number) => Result,
): Result[] {
  const results: Result[] = [];
  for (let index = 0; index < list.length; index++) results[index] = make(list[index] as Item, index);
  return results;
}

export function joinList<Item>(list: readonly Item[], write: (item: Item) => string): string {
  let text = '';
  for (let index = 0; index < list.length; index++) {
    text += (index === 0 ? '' : ', ') + write(list[index] as Item);
  }
  return text;
}
