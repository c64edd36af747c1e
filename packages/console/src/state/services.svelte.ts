import type { ServiceView } from '@dormouse/protocol';
import type { Api } from '../api/api.js';
import { explain, Refusal } from '../api/refusal.js';
import { repeat } from './repeat.js';

const REFRESH_MS = 2_000;

/** The services with their processes and builds, never older than a few seconds. */
export class Services {
  all: readonly ServiceView[] = $state.raw([]);
  /** Whether they have ever been heard of. */
  known: boolean = $state(false);
  trouble: string | undefined = $state();
  /** Whether another environment has to be chosen first. */
  isNowhere: boolean = $state(false);
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  find(name: string | undefined): ServiceView | undefined {
    return this.all.find(({ service }) => service === name);
  }

  async refresh(): Promise<void> {
    try {
      this.all = await this.#api.services();
      this.known = true;
      this.trouble = undefined;
      this.isNowhere = false;
    } catch (error) {
      this.trouble = explain(error);
      this.isNowhere = error instanceof Refusal && error.path === 'Dormouse-Environment';
    }
  }

  /** Keeps them fresh while somebody looks. Returns what ends it. */
  keepFresh(): () => void {
    return repeat(() => this.refresh(), REFRESH_MS);
  }
}
