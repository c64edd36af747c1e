/**
 * Does something now, and again so long after it was done, while the page is looked at.
 * @returns what ends it
 */
export function repeat(task: () => Promise<void>, everyMs: number): () => void {
  let timer: ReturnType<typeof setTimeout>;
  let isOver = false;
  const turn = async (): Promise<void> => {
    await task();
    schedule();
  };
  const schedule = (): void => {
    if (!isOver) timer = setTimeout(() => (document.hidden ? schedule() : void turn()), everyMs);
  };
  void turn();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
