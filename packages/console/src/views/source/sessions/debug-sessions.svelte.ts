import type { GroupView } from '@dormouse/protocol';
import type { Probing } from '../../../api/probing.js';
import { Refusal } from '../../../api/refusal.js';

/** The debug session that this tab is in. */
const CURRENT = 'dormouse.session';

/** Debug sessions: probes that live and end together. New ones join the current session. */
export class DebugSessions {
  /** Newest first. */
  active: readonly GroupView[] = $state.raw([]);
  /** Whether one may begin one. */
  isOffered: boolean = $state(true);
  /** An id. */
  #current: string | undefined = $state(sessionStorage.getItem(CURRENT) ?? undefined);
  readonly #probing: Probing;

  constructor(probing: Probing) {
    this.#probing = probing;
  }

  /** The one that new probes join. */
  get current(): GroupView | undefined {
    return this.active.find(({ id }) => id === this.#current);
  }

  async reload(): Promise<void> {
    try {
      this.active = await this.#probing.groups();
      this.isOffered = true;
    } catch (error) {
      // Those who may see some services only do without, and so does everybody while the collector is away.
      if (error instanceof Refusal) this.isOffered = false;
    }
  }

  join(id: string | undefined): void {
    this.#current = id;
    if (id === undefined) sessionStorage.removeItem(CURRENT);
    else sessionStorage.setItem(CURRENT, id);
  }

  async begin(name: string, expiresInMs: number): Promise<void> {
    const begun = await this.#probing.createGroup({ name, expiresInMs });
    this.active = [begun, ...this.active];
    this.join(begun.id);
  }

  /** @param byMs more than it has */
  async extend({ id, expiresAt }: GroupView, byMs: number): Promise<void> {
    const extended = await this.#probing.extendGroup(id, Math.max(0, expiresAt - Date.now()) + byMs);
    this.active = this.active.map((each) => (each.id === id ? extended : each));
  }

  async end(id: string): Promise<void> {
    await this.#probing.endGroup(id);
    this.active = this.active.filter((each) => each.id !== id);
  }
}
