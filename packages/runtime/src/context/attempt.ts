/** What `run` returns; undefined where it throws. For what is a help at best: the program's own answers to a question of ours. */
export function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
