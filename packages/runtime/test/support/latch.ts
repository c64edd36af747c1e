/** A promise that a test resolves. */
export interface Latch {
  readonly promise: Promise<void>;
  resolve(): void;
}

export function latch(): Latch {
  let resolve = (): void => {};
  const promise = new Promise<void>((open) => {
    resolve = open;
  });
  return { promise, resolve };
}
