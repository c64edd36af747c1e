import { FailureWindows } from '../failure-windows.js';
import { networkOf } from './network.js';

/** Failures that are answered in full, in a window. */
const MAX_FAILURES = {
  /** One person who mistypes, and then some. */
  pair: 5,
  /** Of all accounts from one network: many people share one, and a sprayer tries one password on each account. */
  network: 30,
  /** Of one account from everywhere: beyond it only networks are heard from which it was signed in to before. */
  account: 50,
} as const;

const WINDOW_MS = 5 * 60_000;
/** Keys remembered; beyond it the oldest is forgotten. */
const MAX_KEYS = 50_000;

/** A try to sign in by password. */
export interface Attempt {
  /** As it was typed, known or not. */
  readonly account: string;
  readonly address: string;
}

/**
 * Slows down who guesses passwords without locking out who knows them: nobody's failures count against the networks from
 * which the account was signed in to. Kept by each collector for itself: behind N of them a guesser has N times as many
 * tries, which fifteen characters bear.
 */
export class SignInThrottle {
  readonly #windows = new FailureWindows(WINDOW_MS, MAX_KEYS);

  /**
   * How long to wait before the password is looked at, ms; 0 for now.
   * @param isKnownNetwork whether the account was signed in to from there lately
   */
  waitMs(attempt: Attempt, isKnownNetwork: boolean, now = Date.now()): number {
    const { pair, network, account } = keysOf(attempt);
    return Math.max(
      this.#waitMs(pair, MAX_FAILURES.pair, now),
      isKnownNetwork ? 0 : this.#waitMs(network, MAX_FAILURES.network, now),
      isKnownNetwork ? 0 : this.#waitMs(account, MAX_FAILURES.account, now),
    );
  }

  /** Counts as failed until it is known to be right: tries at the same moment do not slip through. */
  begin(attempt: Attempt, now = Date.now()): void {
    for (const key of Object.values(keysOf(attempt))) this.#windows.open(key, now).failures++;
  }

  succeeded(attempt: Attempt): void {
    const { pair, network, account } = keysOf(attempt);
    this.#windows.delete(pair);
    for (const key of [network, account]) {
      const window = this.#windows.find(key);
      if (window !== undefined) window.failures--;
    }
  }

  #waitMs(key: string, most: number, now: number): number {
    const window = this.#windows.find(key);
    return window !== undefined && window.failures >= most ? Math.max(0, window.endsAt - now) : 0;
  }
}

function keysOf({ account, address }: Attempt): { pair: string; network: string; account: string } {
  const network = networkOf(address);
  return { pair: `${network} ${account}`, network, account: ` ${account}` };
}
