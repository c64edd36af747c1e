import type { AgentDetail } from '@dormouse/protocol';
import type { Api } from '../../api/api.js';
import { explain } from '../../api/refusal.js';
import { repeat } from '../../state/repeat.js';
import { Overheads } from './overheads.js';

const REFRESH_MS = 2_000;

/** As many as the collector tells of at once. */
const MOST = 10_000;

/** Processes that are gone are shown for a day, ms. */
const GONE_FOR_MS = 86_400_000;

/** A process, and what its probes take of it. */
export interface ProcessRow {
  readonly agent: AgentDetail;
  /** Share of the main thread, 0 to 1; undefined while nothing is known of it. */
  readonly overhead: number | undefined;
}

/** The processes of one service, never older than a few seconds. */
export class Processes {
  all: readonly ProcessRow[] = $state.raw([]);
  known: boolean = $state(false);
  trouble: string | undefined = $state();
  readonly #api: Api;
  readonly #service: string;
  readonly #overheads = new Overheads();

  constructor(api: Api, service: string) {
    this.#api = api;
    this.#service = service;
  }

  async refresh(): Promise<void> {
    try {
      const agents = await this.#api.agents({ service: this.#service, limit: MOST });
      const now = Date.now();
      this.#overheads.add(agents, now);
      this.all = agents
        .filter(({ connected, lastSeen }) => connected || now - lastSeen < GONE_FOR_MS)
        .map((agent) => ({ agent, overhead: this.#overheads.shareOf(agent.instance) }));
      this.known = true;
      this.trouble = undefined;
    } catch (error) {
      this.trouble = explain(error);
    }
  }

  /** Keeps them fresh while somebody looks. Returns what ends it. */
  keepFresh(): () => void {
    return repeat(() => this.refresh(), REFRESH_MS);
  }
}
