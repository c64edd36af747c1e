/** Two texts that are alike at their begin and end; what differs stands between. */
export interface Differing {
  readonly head: string;
  readonly from: string;
  readonly to: string;
  readonly tail: string;
}

/** Where two texts differ; they are never cut within a character. */
export function differing(from: string, to: string): Differing {
  const [one, other] = [[...from], [...to]];
  const most = Math.min(one.length, other.length);
  let head = 0;
  while (head < most && one[head] === other[head]) head++;
  let tail = 0;
  while (tail < most - head && one.at(-1 - tail) === other.at(-1 - tail)) tail++;
  const between = (all: readonly string[]): string => all.slice(head, all.length - tail).join('');
  return {
    head: one.slice(0, head).join(''),
    from: between(one),
    to: between(other),
    tail: tail === 0 ? '' : one.slice(-tail).join(''),
  };
}
