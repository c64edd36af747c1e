import type { AuditDoor, AuditEntry } from '@dormouse/protocol';

/** Failures that are written down one by one: of one address and of all, in a window. The others are counted. */
const MOST_OF_ADDRESS = 10;
const MOST = 100;
const WINDOW_MS = 60_000;

/** Somebody who did not get in. */
export interface FailedSignIn {
  readonly address: string;
  readonly door: AuditDoor;
  /** Why, see `ERROR_CODES`. */
  readonly code: string;
  /** Whom he said to be. */
  readonly name?: string;
}

/** Writes failed sign-ins down, and never more than a trail can bear: whoever guesses tokens must not fill the disk. */
export class FailedSignIns {
  readonly #note: (entry: AuditEntry) => void;
  readonly #ofAddress = new Map<string, number>();
  #written = 0;
  #counted = 0;
  #window: NodeJS.Timeout | undefined;

  constructor(note: (entry: AuditEntry) => void) {
    this.#note = note;
  }

  add({ address, door, code, name }: FailedSignIn): void {
    this.#window ??= setTimeout(() => this.#close(), WINDOW_MS).unref();
    const failures = (this.#ofAddress.get(address) ?? 0) + 1;
    if (failures > MOST_OF_ADDRESS || this.#written >= MOST) {
      this.#counted++;
      return;
    }
    this.#ofAddress.set(address, failures);
    this.#written++;
    this.#note({
      at: Date.now(),
      caller: { kind: 'nobody', id: '', name: name ?? '', address },
      door,
      operation: 'signIn.failed',
      targets: [],
      outcome: 'refused',
      code,
    });
  }

  /** Writes down what was only counted. */
  stop(): void {
    clearTimeout(this.#window);
    this.#close();
  }

  #close(): void {
    this.#window = undefined;
    if (this.#counted > 0) {
      this.#note({
        at: Date.now(),
        caller: { kind: 'nobody', id: '', name: '' },
        door: 'http',
        operation: 'signIn.failed',
        targets: [],
        outcome: 'refused',
        details: { more: this.#counted },
      });
    }
    this.#ofAddress.clear();
    this.#written = this.#counted = 0;
  }
}
