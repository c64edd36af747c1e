const TICK_MS = 1_000;

/** The time, once a second, for what is shown as time passes. */
class Now {
  /** ms since 1970. */
  ms: number = $state(Date.now());

  constructor() {
    setInterval(() => (this.ms = Date.now()), TICK_MS);
  }
}

export const now: Now = new Now();
