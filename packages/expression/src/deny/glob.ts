/**
 * Compiles a glob: `*` matches within a folder, `?` one character of it, `**` everything, and a folder `**` any folders or
 * none. Matching takes time proportional to both lengths, whatever the glob: it may come from elsewhere.
 */
export function compileGlob(glob: string): (text: string) => boolean {
  const pieces = glob.match(/\*\*\/|\*\*|[^]/gu) ?? [];
  const [start = ''] = glob.split(/[*?]/u, 1);
  const end = glob.slice(/[^*?]*$/u.exec(glob)?.index);
  // Most texts end here: a build has thousands of files.
  const isLikely = (text: string): boolean => text.startsWith(start) && text.endsWith(end.replace(/^\//, ''));
  return (text) => {
    if (!isLikely(text)) return false;
    let reached = passOver(pieces, [0], '/');
    for (const character of text) {
      const next = [...reached].flatMap((at) => consume(pieces[at], at, character));
      reached = passOver(pieces, next, character);
    }
    return reached.has(pieces.length);
  };
}

/** Adds the positions behind pieces that may match nothing; folders are whole, so they end where one ends. */
function passOver(pieces: readonly string[], positions: readonly number[], last: string): Set<number> {
  const reached = new Set(positions);
  // A set that grows meanwhile is walked to its end.
  for (const at of reached) {
    const piece = pieces[at];
    if (piece === '*' || piece === '**' || (piece === '**/' && last === '/')) reached.add(at + 1);
  }
  return reached;
}

/** The positions from which the text goes on after a character. */
function consume(piece: string | undefined, at: number, character: string): number[] {
  const isInFolder = character !== '/';
  switch (piece) {
    case '**':
    case '**/':
      return [at];
    case '*':
      return isInFolder ? [at] : [];
    case '?':
      return isInFolder ? [at + 1] : [];
    default:
      return piece === character ? [at + 1] : [];
  }
}
